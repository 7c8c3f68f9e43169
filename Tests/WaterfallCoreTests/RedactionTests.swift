import Foundation
import TestSupport
import Testing
import WaterfallCore

/// Keys are taken out of texts, in whatever form they stand there.
@Suite struct RedactionTests {
  static let label = "<key of hunter>"

  func redaction(_ key: String) -> Redaction {
    let redaction = Redaction()
    redaction.add(Secret(key, of: ProviderID("hunter")))
    return redaction
  }

  @Test func textWithoutKeysStaysAsItIs() {
    #expect(Redaction().cleaned("abc") == "abc")
    #expect(
      redaction("sk_1234").cleaned("sk_123 sk_12345".replacing("5", with: ""))
        == "sk_123 <key of hunter>")
    #expect(redaction("").cleaned("abc") == "abc")
    #expect(redaction("sk_1234").cleaned("") == "")
  }

  /// A short key is one only where it stands alone: else it would take words apart.
  @Test(arguments: [
    ("a", "a banana: a. “a” =a; key=a&b", "# banana: #. “#” =#; key=#&b"),
    ("a", "GET /x?key=a%26b=ba&c=%C3%A9%2Fa", "GET /x?key=#%26b=ba&c=%C3%A9%2F#"),
    (
      "a", #"{"key":"a","text":"\na \u0061 banan\u0061 \u0061ll"}"#,
      ##"{"key":"#","text":"\n# # banan\u0061 \u0061ll"}"##
    ),
    ("42", "42 142 420 4.42 x42 42é é42 42-", "# 142 420 4.# x42 42é é42 #-"),
    ("é", "é cé éc “é” %C3%A9 %c3%a9.", "# cé éc “#” # #."),
    ("-a-", "x-a-y -a- a-a-a", "x#y # a#a"),
    ("sk_1234", "sk_1234 sk_12345 (sk_1234)", "# sk_12345 (#)"),
    ("a b", "a b; a+b; a%20b; xa b", "#; #; #; xa b"),
  ]) func aShortKeyIsFoundWhereItStandsAlone(key: String, text: String, clean: String) {
    #expect(redaction(key).cleaned(text) == clean.replacing("#", with: Self.label))
  }

  @Test func aLongKeyIsFoundInsideOfWords() {
    #expect(redaction("abcdefg").cleaned("xabcdefgx") == "xabcdefgx")
    #expect(redaction("abcdefgh").cleaned("xabcdefghx") == "x\(Self.label)x")
    #expect(redaction("ääääääää").cleaned("xääääääääx") == "x\(Self.label)x")
    // Its base64 says it whatever stands around it.
    let encoded = Data("user:abcdefg".utf8).base64EncodedString()
    #expect(redaction("abcdefg").cleaned(encoded).hasSuffix(Self.label))
  }

  static let forms = [
    "sk/live+42 %?é\"\\": [
      #"sk/live+42 %?é"\"#, "sk%2Flive%2B42%20%25%3F%C3%A9%22%5C",
      "sk%2flive%2b42+%25%3f%c3%a9%22%5c", #"sk\/live+42 %?é\"\\"#,
      #"sk\u002flive\u002B42 %?é\u0022\u005c"#,
    ]
  ]

  @Test func everyFormOfAKeyIsFound() throws {
    for (key, forms) in Self.forms {
      for form in forms {
        let text = "GET /v2?key=\(form)&x=1"
        #expect(redaction(key).cleaned(text) == "GET /v2?key=\(Self.label)&x=1")
      }
    }
  }

  @Test func basicCredentialsAreFoundWhoeverTheUserIs() {
    let key = "sk_live_0123456789"
    for user in ["", "u", "us", "use", "user", "ada@example.com"] {
      for rest in ["", ":", ":x", ":password"] {
        let encoded = Data("\(user):\(key)\(rest)".utf8).base64EncodedString()
        let clean = redaction(key).cleaned("Authorization: Basic \(encoded).")
        #expect(clean.hasPrefix("Authorization: Basic ") && clean.contains(Self.label))
        #expect(!Self.shares(Data(key.utf8), clean), "\(clean)")
      }
    }
  }

  /// Whether some base64 text in `text` still tells three bytes of the key in a row.
  static func shares(_ key: Data, _ text: String) -> Bool {
    for word in text.split(whereSeparator: { !($0.isLetter || $0.isNumber || "+/".contains($0)) }) {
      for start in 0..<4 {
        let digits = word.dropFirst(start)
        let whole = digits.prefix(digits.count / 4 * 4)
        guard let bytes = Data(base64Encoded: String(whole)), bytes.count >= 3 else { continue }
        for index in 0...(bytes.count - 3) where key.range(of: bytes[index..<(index + 3)]) != nil {
          return true
        }
      }
    }
    return false
  }

  @Test func theAlphabetOfURLsIsBase64Too() {
    let key = "???>>>???>>>~~~"
    let encoded = Data(key.utf8).base64EncodedString()
    #expect(encoded.contains("/") && encoded.contains("+"))
    let forURLs = encoded.replacing("+", with: "-").replacing("/", with: "_")
    let percent = encoded.replacing("+", with: "%2B").replacing("/", with: "%2f")
    let json = encoded.replacing("/", with: "\\/")
    for text in [encoded, forURLs, percent, json] {
      #expect(redaction(key).cleaned("<\(text)>") == "<\(Self.label)>")
    }
  }

  @Test func thePartsOfAKeyAreKeys() {
    let redaction = redaction("client-0001:secret-0002:no")
    #expect(redaction.cleaned("id=client-0001") == "id=\(Self.label)")
    #expect(redaction.cleaned("is secret-0002, no") == "is \(Self.label), no")
    #expect(redaction.cleaned("client-0001:secret-0002:no!") == "\(Self.label)!")
  }

  @Test func keysThatOverlapGoTogether() {
    let redaction = Redaction()
    redaction.add(Secret("abcdefgh", of: ProviderID("hunter")))
    redaction.add(Secret("efghijkl", of: ProviderID("apollo")))
    redaction.add(Secret("abcdefgh-long", of: ProviderID("pdl")))
    #expect(redaction.cleaned("<abcdefghijkl>") == "<<key of hunter>>")
    #expect(redaction.cleaned("abcdefghefghijkl") == "<key of hunter><key of apollo>")
    #expect(redaction.cleaned("abcdefgh-long.") == "<key of hunter>.")
  }

  @Test func textsOfAllKindsLoseTheirKeysAndNothingElse() {
    let seed = TestSeed.drawn("SEED")
    var random = SplitMix64(state: seed)
    for round in 0..<300 {
      let keys = (0..<Int.random(in: 1...3, using: &random)).map { _ in
        Self.word(8...40, "abcXYZ0189-_.~+/=%&\"\\: é", using: &random)
      }
      let redaction = Redaction()
      for key in keys { redaction.add(Secret(key, of: ProviderID("hunter"))) }
      var (text, expected) = ("", "")
      for _ in 0..<Int.random(in: 1...6, using: &random) {
        // Letters that no key has.
        let filler = Self.word(1...30, "mnopqrs,;(){}<>\n", using: &random)
        text += filler
        expected += filler
        guard let key = keys.randomElement(using: &random) else { continue }
        text += Self.form(of: key, using: &random)
        expected += Self.label
      }
      let clean = redaction.cleaned(text)
      #expect(clean == expected, "seed \(seed), round \(round): \(text)")
    }
  }

  static func form(of key: String, using random: inout SplitMix64) -> String {
    switch Int.random(in: 0..<4, using: &random) {
    case 0: return key
    case 1:
      return key.utf8.map { byte in
        let isPlain = Character(Unicode.Scalar(byte)).isLetter && byte < 0x80
        let hex = String(byte, radix: 16)
        return isPlain ? String(Unicode.Scalar(byte)) : "%" + (hex.count == 1 ? "0" : "") + hex
      }.joined()
    case 2:
      let data = try? JSONSerialization.data(withJSONObject: [key])
      return String(String(decoding: data ?? Data(), as: UTF8.self).dropFirst(2).dropLast(2))
    default:
      // A whole number of three bytes around it, so that only whole digits are its own.
      let padded = String(repeating: " ", count: 3) + key
      let tail = String(repeating: " ", count: (3 - padded.utf8.count % 3) % 3)
      let encoded = Data((padded + tail).utf8).base64EncodedString()
      return String(encoded.dropFirst(4).prefix((key.utf8.count * 8 + 5) / 6))
    }
  }

  static func word(
    _ length: ClosedRange<Int>, _ letters: String, using random: inout SplitMix64
  ) -> String {
    let letters = Array(letters)
    return String(
      (0..<Int.random(in: length, using: &random)).map { _ in
        letters[Int.random(in: 0..<letters.count, using: &random)]
      })
  }
}
