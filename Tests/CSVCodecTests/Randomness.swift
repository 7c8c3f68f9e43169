import Foundation
import TestSupport

enum Randomness {
  /// The seeds of a test: one each run is different, or the one in the environment variable
  /// `CSV_SEED`, to replay a failure that named it.
  static func seeds(_ count: Int) -> [UInt64] {
    if let text = ProcessInfo.processInfo.environment["CSV_SEED"], let seed = UInt64(text) {
      return [seed]
    }
    return (0..<count).map { _ in UInt64.random(in: 0...UInt64.max) }
  }

  /// A sheet made of the pieces that matter, in any order: rarely well-formed.
  static func sheet(seed: UInt64, delimiter: String = ",", lineEnd: String = "\n") -> [UInt8] {
    var generator = SplitMix64(state: seed)
    let pieces = [
      delimiter, delimiter, delimiter, "\"", "\"", "\"\"", lineEnd, lineEnd, "\r\n", "\n", "\r",
      "a", "bc", " ", "x\"y", "é", "漢", "😀", "\0", ";", "|", "\t",
      "\(delimiter)\"", "\"\(delimiter)", "\"\(lineEnd)", "\(lineEnd)\"",
      String(repeating: "long", count: 20),
    ]
    let length = Int.random(in: 0...120, using: &generator)
    let body = (0..<length).map { _ in pieces.randomElement(using: &generator) ?? "" }
    let mark = Int.random(in: 0..<8, using: &generator) == 0 ? "\u{FEFF}" : ""
    return Array((mark + "h1\(delimiter)h2\(lineEnd)" + body.joined()).utf8)
  }

  /// A well-formed sheet with all kinds of contents, and the contents.
  static func wellFormedSheet(seed: UInt64) -> (bytes: [UInt8], records: [[String]]) {
    var generator = SplitMix64(state: seed)
    let contents = ["", "a", "b,c", "say \"hi\"", "two\nlines", "ü", " s ", "=1+1", "\"", "x\r\ny"]
    let width = Int.random(in: 1...5, using: &generator)
    var records: [[String]] = []
    var text = ""
    for row in 0...Int.random(in: 0...30, using: &generator) {
      var fields: [String] = []
      var raw: [String] = []
      for column in 0..<width {
        let content = row == 0 ? "h\(column)" : contents.randomElement(using: &generator) ?? ""
        let mustQuote = content.contains { ",\"\n\r\r\n".contains($0) } || content.isEmpty
        let isQuoted = mustQuote || Bool.random(using: &generator)
        fields.append(content)
        raw.append(isQuoted ? "\"\(content.replacing("\"", with: "\"\""))\"" : content)
      }
      records.append(fields)
      text += raw.joined(separator: ",") + (Bool.random(using: &generator) ? "\r\n" : "\n")
    }
    return (Array(text.utf8), records)
  }
}
