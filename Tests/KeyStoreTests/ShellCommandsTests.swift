import Foundation
import KeyStore
import Testing
import WaterfallProviders

/// Commands that print keys, run by a real shell.
@Suite struct ShellCommandsTests {
  func run(_ command: String, limit: Duration = .seconds(20)) -> KeyCommandResult {
    ShellCommands(environment: ["PATH": "/usr/bin:/bin", "MARK": "seen"], limit: limit).run(command)
  }

  @Test func whatACommandPrintsIsTaken() {
    let result = run("printf 'abc\\ndef'; echo oops >&2")
    #expect(result.ending == .exited(0))
    #expect(String(decoding: result.output, as: UTF8.self) == "abc\ndef")
    #expect(String(decoding: result.errors, as: UTF8.self) == "oops\n")
  }

  @Test func itHasTheEnvironmentThatItIsGiven() {
    #expect(String(decoding: run("echo $MARK$HOME").output, as: UTF8.self) == "seen\n")
  }

  @Test func aStatusAndASignalAreTold() {
    #expect(run("exit 3").ending == .exited(3))
    #expect(run("kill -9 $$").ending == .killed(signal: 9))
    #expect(run("/nowhere/to/be/found").ending == .exited(127))
  }

  /// The standard input of the tool may be a sheet, and there is nobody to answer questions.
  @Test func nothingCanBeReadAndThereIsNoTerminal() {
    let result = run("cat; (true < /dev/tty) 2>/dev/null || printf 'none'")
    #expect(result.ending == .exited(0))
    #expect(String(decoding: result.output, as: UTF8.self) == "none")
  }

  /// The tool ignores broken pipes; what it starts must not.
  @Test func signalsMeanWhatTheyAlwaysDo() {
    signal(SIGPIPE, SIG_IGN)
    #expect(run("kill -PIPE $$").ending == .killed(signal: SIGPIPE))
  }

  @Test func aCommandThatHangsIsEndedWithAllThatItStarted() throws {
    let mark = "\(29_000 + Int(getpid()) % 1000).\(Int.random(in: 100_000...999_999))"
    let result = run("echo early; sleep \(mark) & sleep \(mark)", limit: .seconds(3))
    #expect(result.ending == .overdue(after: 3))
    #expect(String(decoding: result.output, as: UTF8.self) == "early\n")
    #expect(try Self.vanish(mark))
  }

  @Test func aCommandThatDoesNotWantToEndIsMadeTo() throws {
    let mark = "\(28_000 + Int(getpid()) % 1000).\(Int.random(in: 100_000...999_999))"
    let result = run(
      "trap '' TERM; while :; do sleep \(mark); done", limit: .milliseconds(300))
    #expect(result.ending == .overdue(after: 0.3))
    #expect(try Self.vanish(mark))
  }

  /// An agent that a command leaves behind holds its output open, and is nobody's concern.
  @Test func whoeverIsLeftBehindIsNotWaitedFor() {
    let result = run("echo key; sleep 5 &")
    #expect(result.ending == .exited(0))
    #expect(String(decoding: result.output, as: UTF8.self) == "key\n")
  }

  @Test func floodsAreCut() {
    let result = run(
      "head -c 3000000 /dev/zero | tr '\\0' x; head -c 3000000 /dev/zero | tr '\\0' y >&2; "
        + "printf end >&2")
    #expect(result.ending == .exited(0))
    #expect(result.output.count == 65_536)
    #expect(result.errors.count == 4_096)
    #expect(String(decoding: result.errors.suffix(4), as: UTF8.self) == "yend")
  }

  /// Whether all processes with this word on their command line go away. Who was killed is still
  /// seen for a moment, and longer on a busy machine.
  static func vanish(_ word: String) throws -> Bool {
    for _ in 0..<500 {
      if try processes(with: word).isEmpty { return true }
      usleep(10_000)
    }
    return false
  }

  /// Processes with this word on their command line.
  static func processes(with word: String) throws -> [String] {
    try FileManager.default.contentsOfDirectory(atPath: "/proc").filter { name in
      guard name.allSatisfy(\.isNumber) else { return false }
      let line = FileManager.default.contents(atPath: "/proc/\(name)/cmdline") ?? Data()
      let words = String(decoding: line, as: UTF8.self).split(separator: "\0")
      return words.contains { $0 == word }
    }
  }
}
