import Synchronization

/// Takes the keys that this process has used out of what it says.
///
/// A key is found as it is, percent-encoded, escaped as in JSON strings, and in the base64 of any
/// text that contains it, such as the `user:key` of basic authentication. A key of two parts
/// (`id:secret`) is found by each part that is long enough to mean something.
///
/// A key of fewer than 8 characters is found only where it stands alone, and not inside a word or a
/// number: a key `a` would take every `a` out of every text. Its base64 is found everywhere, where it
/// has at least 4 digits of its own.
///
/// Redact before a text is cut: the beginning of a key is not known as one.
public final class Redaction: Sendable {
  private let patterns = Mutex<[Pattern]>([])

  /// Parts of a key shorter than this, in bytes, are only taken out together with the rest.
  private static let shortestPart = 8

  /// Keys with fewer characters than this are only taken out where they stand alone.
  public static let shortestKey = 8

  public init() {}

  /// Takes `secret` out of every text from now on.
  public func add(_ secret: Secret) {
    let whole = Array(secret.reveal().utf8)
    guard !whole.isEmpty else { return }
    let parts = whole.split(separator: UInt8(ascii: ":")).map(Array.init)
    let texts = [whole] + parts.filter { $0.count >= Self.shortestPart && $0.count < whole.count }
    let isShort = secret.reveal().count < Self.shortestKey
    let new = texts.flatMap {
      Pattern.all(for: $0, label: secret.description, standsAlone: isShort)
    }
    patterns.withLock { patterns in
      for pattern in new where !patterns.contains(pattern) { patterns.append(pattern) }
    }
  }

  /// `text` with `<key of hunter>` in the place of each key. O(length × keys).
  public func cleaned(_ text: String) -> String {
    let patterns = patterns.withLock { $0 }
    guard !patterns.isEmpty else { return text }
    let bytes = Array(text.utf8)
    let found = Self.matches(of: patterns, in: bytes)
    guard !found.isEmpty else { return text }
    var clean: [UInt8] = []
    var position = 0
    for match in found {
      clean += bytes[position..<match.range.lowerBound]
      clean += match.label.utf8
      position = match.range.upperBound
    }
    clean += bytes[position...]
    return String(decoding: clean, as: UTF8.self)
  }

  /// Stretches that hold keys, in order; those that overlap are one.
  private static func matches(of patterns: [Pattern], in bytes: [UInt8]) -> [Match] {
    var found: [Match] = []
    for start in bytes.indices {
      for pattern in patterns {
        guard let range = pattern.match(in: bytes, at: start) else { continue }
        found.append(Match(range: range, label: pattern.label))
      }
    }
    return found.sorted { $0.range.lowerBound < $1.range.lowerBound }.reduce(into: []) {
      (merged: inout [Match], match) in
      guard let last = merged.last, match.range.lowerBound < last.range.upperBound else {
        return merged.append(match)
      }
      let end = max(last.range.upperBound, match.range.upperBound)
      merged[merged.count - 1].range = last.range.lowerBound..<end
    }
  }

  private struct Match {
    var range: Range<Int>
    let label: String
  }
}
