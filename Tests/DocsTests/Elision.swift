/// Comparing output with what a document shows of it.
enum Elision {
  static let mark = "…"

  /// The first line at which the output is not what is shown, as (line shown, line printed), either
  /// nil at its end; nil when it agrees. Spaces at the end of a line do not count.
  static func difference(
    shown: [String], printed: [String]
  ) -> (shown: String?, printed: String?)? {
    var shown = shown[...]
    var printed = printed[...]
    while let line = shown.popFirst() {
      guard line != mark else {
        let tail = shown.prefix { $0 != mark }
        guard !shown.isEmpty else { return nil }
        guard let start = start(of: tail, in: printed, mustEnd: tail.count == shown.count) else {
          return (tail.first, printed.first)
        }
        printed = printed[(start + tail.count)...]
        shown = shown.dropFirst(tail.count)
        continue
      }
      let actual = printed.popFirst()
      guard let actual, matches(actual, line) else { return (line, actual) }
    }
    return printed.first.map { (nil, $0) }
  }

  /// Where `tail` stands in `printed`: at its end, or at the first place.
  private static func start(
    of tail: ArraySlice<String>, in printed: ArraySlice<String>, mustEnd: Bool
  ) -> Int? {
    let last = printed.endIndex - tail.count
    guard last >= printed.startIndex else { return nil }
    return (mustEnd ? last...last : printed.startIndex...last).first { start in
      zip(printed[start...], tail).allSatisfy { matches($0, $1) }
    }
  }

  /// Whether a printed line is the one shown, `…` standing for any text.
  static func matches(_ printed: String, _ shown: String) -> Bool {
    let parts = trimmed(shown).split(separator: mark, omittingEmptySubsequences: false)
    guard parts.count > 1 else { return trimmed(printed) == trimmed(shown) }
    var rest = trimmed(printed)[...]
    guard rest.hasPrefix(parts[0]) else { return false }
    rest = rest.dropFirst(parts[0].count)
    for part in parts[1..<(parts.count - 1)] where !part.isEmpty {
      guard let found = rest.firstRange(of: part) else { return false }
      rest = rest[found.upperBound...]
    }
    return rest.hasSuffix(parts[parts.count - 1])
  }

  private static func trimmed(_ line: String) -> String {
    var line = line
    while line.last == " " { line.removeLast() }
    return line
  }
}
