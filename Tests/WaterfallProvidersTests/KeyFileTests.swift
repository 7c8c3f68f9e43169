import Testing
import WaterfallCore

@testable import WaterfallProviders

/// What a key file may say.
@Suite struct KeyFileTests {
  static let hunter = ProviderID("hunter")
  static let secret = "sk_live_4242"

  func text(_ entry: KeyFile.Entry?) -> String? {
    switch entry {
    case .key(let secret): secret.reveal()
    case .command(let command): "$ " + command
    case nil: nil
    }
  }

  @Test func keysAndCommandsAreRead() throws {
    let file = try KeyFile(
      parsing: """
        own:
          hunter: \(Self.secret)
          prospeo: {command: pass show prospeo}
          apollo: 0042
        managed:
          hunter: "  padded "
        """, name: "keys.yaml")
    #expect(text(file[Self.hunter, .own]) == Self.secret)
    #expect(text(file[Self.hunter, .managed]) == "padded")
    #expect(text(file[ProviderID("prospeo"), .own]) == "$ pass show prospeo")
    #expect(text(file[ProviderID("apollo"), .own]) == "0042")
    #expect(text(file[ProviderID("apollo"), .managed]) == nil)
    #expect(file.providers(.own).map(\.rawValue) == ["apollo", "hunter", "prospeo"])
  }

  @Test(arguments: [
    "plain", "with \"quotes\" and \\ and 'these'", "a: b # c", "- x", "null", "~", "0012", "true",
    "é漢😀", "!tag", "&a *b", "{x}", "%2F", "=", "@at", "`tick`", "> fold", "| block",
  ])
  func whatIsWrittenIsReadAgain(key: String) throws {
    var file = KeyFile(name: "keys.yaml")
    file[Self.hunter, .own] = .key(Secret(key, of: Self.hunter))
    file[Self.hunter, .managed] = .command(key)
    let again = try KeyFile(parsing: file.text, name: "keys.yaml")
    #expect(text(again[Self.hunter, .own]) == key)
    #expect(text(again[Self.hunter, .managed]) == "$ " + key)
    #expect(again.text == file.text)
    #expect(!"\(file)".contains("Secret(") && !"\(file)".contains("text"))
  }

  /// The text of each has the secret in it; no message has.
  static let remedy = ". Write the key alone, on one line, or remove the entry."

  static let mistakes: [(text: String, message: String)] = [
    (
      secret,
      "keys.yaml:1:1: the document is a text, not a mapping of keys to values. Write lines of the form “key: value” below it"
    ),
    (
      "- \(secret)",
      "keys.yaml:1:1: the document is a list, not a mapping of keys to values. Write lines of the form “key: value” below it"
    ),
    ("\(secret): x", "keys.yaml:1:1: unknown key in the document. The keys here are own, managed"),
    ("onw: {hunter: \(secret)}", "keys.yaml:1:1: unknown key in the document. Did you mean own?"),
    (
      "own: \(secret)",
      "keys.yaml:1:6: own is a text, not a mapping of keys to values. Write lines of the form “key: value” below it"
    ),
    (
      "own:\n  hunter: [\(secret)]",
      "keys.yaml:2:11: own.hunter is a list, not a mapping of keys to values. Write lines of the form “key: value” below it"
    ),
    (
      "own:\n  hunter:\n  \(secret): x\n",
      "keys.yaml:2:10: own.hunter is empty. Write a value or leave the key out"
    ),
    (
      "own:\n  hunter: {key: \(secret)}",
      "keys.yaml:2:12: unknown key in own.hunter. The keys here are command"
    ),
    (
      "own:\n  hunter: {\(secret)}",
      "keys.yaml:2:12: unknown key in own.hunter. The keys here are command"
    ),
    (
      "own:\n  hunter: {command: [\(secret)]}",
      "keys.yaml:2:21: own.hunter.command is a list, not a text. Write one value"
    ),
    (
      "own:\n  Hunter-\(secret): x",
      "keys.yaml:2:3: a key of own is no name of a provider. Write the provider’s id with a colon: “hunter: …”"
    ),
    (
      "own: {hunter: \(secret), hunter: \(secret)}",
      "keys.yaml:1:7: a key appears more than once in the same mapping. Keep one of them"
    ),
    (
      "own:\n  hunter: \"\(secret)\\nmore\"",
      "keys.yaml:2:11: the key has more than one line" + remedy
    ),
    (
      "own:\n  hunter: \"\(secret)\\e\"",
      "keys.yaml:2:11: the key has a character that cannot be seen (U+001B). Copy it again, without what stands around it."
    ),
    (
      "own:\n  hunter: \"\(secret)\\u200b\"",
      "keys.yaml:2:11: the key has a character that cannot be seen (U+200B). Copy it again, without what stands around it."
    ),
    (
      "own:\n  hunter: \"  \" # \(secret)",
      "keys.yaml:2:11: the key is nothing but blanks" + remedy
    ),
    ("own:\n  hunter: \"\(secret)", "keys.yaml:"),
    ("own: {hunter: *\(secret)}", "keys.yaml:1:15: this is not YAML: found undefined alias"),
    (
      "own:\n  hunter: \(secret)\(String(repeating: "x", count: 4096))",
      "keys.yaml:2:11: the key is longer than 4 KiB" + remedy
    ),
  ]

  @Test(arguments: mistakes) func aMistakeIsNamedWithoutTheKey(text: String, message: String) {
    let error = #expect(throws: UserError.self) { try KeyFile(parsing: text, name: "keys.yaml") }
    let words = error?.description ?? ""
    #expect(
      message.hasSuffix(":") || message.hasSuffix("alias")
        ? words.hasPrefix(message) : words == message)
    #expect(!words.contains(Self.secret), "\(words)")
  }
}
