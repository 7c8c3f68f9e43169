import Foundation

/// Where chance begins in a test.
public enum TestSeed {
  /// The seed that an environment variable names, so that a failure can be repeated; else a new one,
  /// which is printed under that name.
  public static func drawn(_ variable: String) -> UInt64 {
    let seed =
      ProcessInfo.processInfo.environment[variable].flatMap(UInt64.init)
      ?? UInt64.random(in: 0...UInt64.max)
    print("\(variable)=\(seed)")
    return seed
  }
}
