import CJQ
import TestSupport
import Testing

@testable import WaterfallProviders

/// Paths are followed without jq, and say what jq says.
struct JQPathTests {
  @Test(arguments: [".a", ".data.email", ".a[0]", ".a.b[12].c_2 ", "._x.Y"])
  func aPathIsOne(text: String) { #expect(JQPath(text) != nil) }

  @Test(arguments: [
    ".", "", "a", ".a?", ".a | .b", ".a // .b", ".[\"a\"]", ".[0]", ".a[]", ".a[-1]", ".a[1:]",
    "..", ".a..b", ".a.\"b\"", ".1", ".a # note", ".a as $x | $x", ".é", ".a[9999999]", "$inputs.a",
  ])
  func anythingElseIsNone(text: String) { #expect(JQPath(text) == nil) }

  @Test func itSaysWhatJQSays() throws {
    let seed = UInt64.random(in: 0...UInt64.max)
    print("seed \(seed)")
    var random = SplitMix64(state: seed)
    for _ in 0..<400 {
      let path = Self.path(&random)
      let plain = try #require(JQPath(path))
      let program = try JQProgram("try {v: (\(path))} catch null")
      for _ in 0..<5 {
        let document = Self.document(depth: 4, &random)
        let body = try #require(JQInput.parse(Array(document.utf8)))
        let expected = try program.first(of: jv_copy(body))
        let value = plain.value(in: body)
        jv_free(body)
        #expect(value == expected?["v"], "seed \(seed): \(path) of \(document)")
      }
    }
  }

  private static func path(_ random: inout SplitMix64) -> String {
    var path = ".\(["a", "b"].randomElement(using: &random)!)"
    for _ in 0..<Int.random(in: 0...3, using: &random) {
      path += [".a", ".b", "[0]", "[1]"].randomElement(using: &random)!
    }
    return path
  }

  private static func document(depth: Int, _ random: inout SplitMix64) -> String {
    switch Int.random(in: depth > 0 ? 0...9 : 4...9, using: &random) {
    case 0...2:
      let members = (0..<2).map { _ in
        "\"\(["a", "b"].randomElement(using: &random)!)\":\(document(depth: depth - 1, &random))"
      }
      return "{\(members.joined(separator: ","))}"
    case 3: return "[\(document(depth: depth - 1, &random)),\(document(depth: depth - 1, &random))]"
    case 4: return "null"
    case 5: return "false"
    case 6: return "\"text\""
    case 7: return "\"\""
    case 8: return "1.5"
    default: return "{}"
    }
  }
}
