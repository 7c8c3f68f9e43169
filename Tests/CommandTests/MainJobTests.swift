import Foundation
import Testing

/// The main job from end to end, as a user runs it.
@Suite struct MainJobTests {
  @Test func theVersionIsPrinted() throws {
    let runner = try CommandRunner()
    defer { runner.cleanUp() }
    try expectSnapshot("version", runner, [try runner.run("--version")])
  }
}
