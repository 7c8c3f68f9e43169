import Foundation
import Testing
import WaterfallCore

/// What a shell makes of words that were quoted for it.
@Suite struct ShellWordTests {
  @Test(arguments: [
    "plain", "a b", "it's", "''", "", "$HOME", "`id`", "*", "~", "a\nb", "\\", "\"", "--a=x.csv",
    "é",
    "!x", "a;b", "50%", "{a,b}", "#",
  ])
  func aShellTakesItForOneWord(word: String) throws {
    let process = Process()
    let output = Pipe()
    process.executableURL = URL(filePath: "/bin/sh")
    process.arguments = ["-c", "printf '%s|' \(ShellWord.quoted(word))"]
    process.standardOutput = output
    try process.run()
    let said = try output.fileHandleForReading.readToEnd() ?? Data()
    process.waitUntilExit()
    #expect(String(decoding: said, as: UTF8.self) == "\(word)|")
  }

  @Test func whatNeedsNoQuotesHasNone() {
    #expect(ShellWord.quoted("/tmp/a-b_c.csv") == "/tmp/a-b_c.csv")
    #expect(ShellWord.quoted("") == "''" && ShellWord.quoted("a b") == "'a b'")
  }
}
