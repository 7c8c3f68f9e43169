import Foundation

/// Whether the condition comes true, looked at again and again. The time is for a machine that
/// stands still for a while, not what it should take.
public func eventually(
  within limit: Duration = .seconds(120), every pause: Duration = .milliseconds(10),
  _ condition: () throws -> Bool
) rethrows -> Bool {
  let deadline = ContinuousClock.now + limit
  while try !condition() {
    guard ContinuousClock.now < deadline else { return false }
    Thread.sleep(forTimeInterval: pause / .seconds(1))
  }
  return true
}
