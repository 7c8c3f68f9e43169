import Foundation
import TestSupport
import Testing

@testable import CommandRunners

/// Lines out of bytes, wherever these are cut.
@Suite struct LineSplitterTests {
  func lines(_ text: String, mostBytes: Int = 8, cuts: [Int] = []) -> [String?] {
    var splitter = LineSplitter(mostBytes: mostBytes)
    var lines: [String?] = []
    func take(_ line: [UInt8]?) { lines.append(line.map { String(decoding: $0, as: UTF8.self) }) }
    let bytes = Array(text.utf8)
    var start = 0
    for cut in cuts.sorted() + [bytes.count] {
      bytes[start..<cut].withUnsafeBytes { splitter.split($0, take) }
      start = cut
    }
    splitter.finish(take)
    return lines
  }

  @Test(arguments: [
    ("", []), ("\n\r\n\n", []), ("a", ["a"]), ("a\n", ["a"]), ("a\r\nb\r", ["a", "b"]),
    ("a\rb\n", ["a\rb"]), ("12345678\n", ["12345678"]), ("1234567\r\n", ["1234567"]),
    ("123456789\nb\n", [nil, "b"]), ("a\n123456789", ["a", nil]), ("é漢\n", ["é漢"]),
  ])
  func textsAreCutIntoLines(text: String, expected: [String?]) {
    #expect(lines(text) == expected)
  }

  @Test func whereTheBytesAreCutDoesNotMatter() {
    let seed = UInt64.random(in: .min ... .max)
    print("line splitter seed: \(seed)")
    var random = SplitMix64(state: seed)
    for _ in 0..<500 {
      let text = String(
        (0..<Int.random(in: 0...60, using: &random)).map { _ in
          ["a", "b", "\n", "\n", "\r", "é"].randomElement(using: &random) ?? "a"
        }.joined())
      let cuts = (0..<5).map { _ in Int.random(in: 0...text.utf8.count, using: &random) }
      #expect(lines(text, cuts: cuts) == lines(text), "seed \(seed): \(text.debugDescription)")
    }
  }
}
