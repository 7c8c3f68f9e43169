/// Whole numbers in JSON that no double holds exactly.
enum LongNumbers {
  /// Every whole number of at most 15 digits is below 2⁵³.
  private static let safeDigits = 15

  /// The document with each longer whole number in quotes. O(length); no copy where there is none.
  static func quoted(_ json: [UInt8]) -> [UInt8] {
    var result: [UInt8]?
    var copied = 0
    forEachLongNumber(json) { range in
      result = result ?? []
      result?.append(contentsOf: json[copied..<range.lowerBound])
      result?.append(UInt8(ascii: "\""))
      result?.append(contentsOf: json[range])
      result?.append(UInt8(ascii: "\""))
      copied = range.upperBound
    }
    guard var result else { return json }
    result.append(contentsOf: json[copied...])
    return result
  }

  private static func forEachLongNumber(_ json: [UInt8], _ body: (Range<Int>) -> Void) {
    var index = 0
    while index < json.count {
      switch json[index] {
      case UInt8(ascii: "\""): index = endOfString(json, from: index)
      case UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "-"):
        let start = index
        var isWhole = true
        index += 1
        while index < json.count, isNumberPart(json[index]) {
          if !isDigit(json[index]) { isWhole = false }
          index += 1
        }
        let sign = json[start] == UInt8(ascii: "-") ? 1 : 0
        if isWhole, index - start - sign > safeDigits { body(start..<index) }
      default: index += 1
      }
    }
  }

  /// After the closing quote.
  private static func endOfString(_ json: [UInt8], from start: Int) -> Int {
    var index = start + 1
    while index < json.count, json[index] != UInt8(ascii: "\"") {
      index += json[index] == UInt8(ascii: "\\") ? 2 : 1
    }
    return min(index + 1, json.count)
  }

  private static func isDigit(_ byte: UInt8) -> Bool { byte &- UInt8(ascii: "0") < 10 }

  private static func isNumberPart(_ byte: UInt8) -> Bool {
    isDigit(byte)
      || [
        UInt8(ascii: "."), UInt8(ascii: "e"), UInt8(ascii: "E"), UInt8(ascii: "+"),
        UInt8(ascii: "-"),
      ].contains(byte)
  }
}
