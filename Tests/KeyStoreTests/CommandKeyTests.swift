import Foundation
import KeyStore
import TestSupport
import Testing
import WaterfallCore
import WaterfallProviders

/// Keys that commands print, from the key file to the secret.
@Suite struct CommandKeyTests {
  static let hunter = ProviderID("hunter")

  func ring(
    _ command: String, limit: Duration = .seconds(20), redaction: Redaction = Redaction()
  ) -> KeyRing {
    var file = KeyFile(name: "keys.yaml")
    file[Self.hunter, .own] = .command(command)
    return KeyRing(
      variables: KeyVariables([:]), file: file,
      commands: ShellCommands(environment: ["PATH": "/usr/bin:/bin"], limit: limit),
      redaction: redaction)
  }

  func message(_ command: String, limit: Duration = .seconds(20)) -> String {
    let ring = ring(command, limit: limit)
    return #expect(throws: UserError.self) { _ = try ring.secret(of: Self.hunter, .own) }?
      .description ?? ""
  }

  @Test func theFirstLineIsTheKey() throws {
    for command in ["echo sk_42", "printf '  sk_42  '", "printf 'sk_42\\r\\nuser: ada\\nmore\\n'"] {
      #expect(try ring(command).secret(of: Self.hunter, .own).reveal() == "sk_42")
    }
  }

  static let tail = " Run it in a shell to see why. Nothing was charged."

  @Test(arguments: [
    (
      "echo 'no such entry' >&2; exit 3",
      "failed with status 3: echo 'no such entry' >&2; exit 3. It said: no such entry."
    ),
    ("exit 1", "failed with status 1: exit 1."),
    ("kill -9 $$", "was ended by signal 9: kill -9 $$."),
    ("true", "printed nothing: true."),
    ("echo; echo sk_42", "printed an empty first line: echo; echo sk_42."),
    ("printf '\\377\\376'", "printed something that is not UTF-8 text: printf '\\377\\376'."),
    (
      "printf 'a\\033b'",
      "printed no key: the key has a character that cannot be seen (U+001B): printf 'a\\033b'."
    ),
    (
      "head -c 5000 /dev/zero | tr '\\0' x",
      "printed no key: the key is longer than 4 KiB: head -c 5000 /dev/zero | tr '\\0' x."
    ),
  ])
  func aCommandThatGivesNoKeyIsNamed(command: String, words: String) {
    #expect(
      message(command) == "keys.yaml: the command for the own key of hunter " + words + Self.tail)
  }

  @Test func aCommandThatHangsIsNamed() {
    #expect(
      message("echo waiting >&2; sleep 600", limit: .seconds(3))
        == "keys.yaml: the command for the own key of hunter did not end within 3 seconds: "
        + "echo waiting >&2; sleep 600. It said: waiting." + Self.tail)
  }

  /// What it printed may be the key, although it failed then.
  @Test func aKeyThatAFailingCommandPrintedIsNotRepeated() {
    let redaction = Redaction()
    let ring = ring("echo sk_4242; echo bad sk_4242 >&2; exit 1", redaction: redaction)
    let error = #expect(throws: UserError.self) { _ = try ring.secret(of: Self.hunter, .own) }
    #expect(error?.remedy?.hasPrefix("It said: bad <key of hunter>. ") == true)
    #expect(redaction.cleaned("sk_4242") == "<key of hunter>")
  }

  @Test func aCommandRunsOnceForAllWhoAskAndOnlyIfTheyDo() async throws {
    let folder = try TemporaryFolder()
    defer { folder.remove() }
    let count = folder.path("count")
    for (command, isGood) in [
      ("echo x >> \(count); sleep 0.1; echo sk_42", true), ("echo x >> \(count); exit 1", false),
    ] {
      try? FileManager.default.removeItem(atPath: count)
      let ring = ring(command)
      #expect(ring.source(of: Self.hunter) == .own && ring.origins.count == 1)
      #expect(!FileManager.default.fileExists(atPath: count))
      await withTaskGroup(of: Bool.self) { group in
        for _ in 0..<8 {
          group.addTask { (try? ring.secret(of: Self.hunter, .own).reveal()) == "sk_42" }
        }
        for await result in group { #expect(result == isGood) }
      }
      #expect(try String(contentsOfFile: count, encoding: .utf8) == "x\n")
    }
  }
}
