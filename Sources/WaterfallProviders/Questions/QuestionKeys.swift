import Hashing
public import WaterfallCore

/// Half of a SHA-256 over the inputs that one question is asked with.
public struct InputsDigest: Hashable, Sendable {
  let high: UInt64
  let low: UInt64
}

/// Makes the keys of questions: one SHA-256 per cell and set of inputs, and two mixings per step.
///
/// **Why the result is as good as 128 bits.** For one step, the key is a bijection of the digest
/// (each half is combined by exclusive or with a constant of the step and then mixed by a bijection),
/// so two questions of a step share a key only if their digests, 128 bits of SHA-256, collide. The
/// constants of two steps are themselves 128 bits of SHA-256, so that keys of different steps
/// collide with the chance of any two random 128-bit numbers.
public struct QuestionKeys: Sendable {
  private let high: UInt64
  private let low: UInt64

  /// The keys of one step: a provider asked for a field, or asked to judge one’s values.
  ///
  /// - Parameter verifier: who verifies what a finder returns. The verdict is shared with the
  ///   answer, so that columns with different verifiers share neither.
  public init(provider: ProviderID, field: Field, verifiedBy verifier: ProviderID? = nil) {
    var hash = KeyHash("waterfall.step/1")
    hash.append(provider.rawValue)
    hash.append(field.rawValue)
    if let verifier { hash.append(verifier.rawValue) }
    (high, low) = hash.halves
  }

  /// The digest of the inputs in `set` and no others, since only they are sent. The order of the
  /// set does not matter; values are trimmed and their case does not matter. O(length).
  ///
  /// - Parameter set: a set out of the offer’s `inputs`; a name that the row lacks counts as empty.
  public static func inputsDigest(_ inputs: Inputs, using set: [InputName]) -> InputsDigest {
    var hash = KeyHash("waterfall.inputs/1")
    for name in set.count == 1 ? set : set.sorted() {
      hash.append(name.rawValue)
      hash.append(canonical: inputs[name] ?? "")
    }
    let (high, low) = hash.halves
    return InputsDigest(high: high, low: low)
  }

  /// The digest of all inputs that the row has.
  public static func inputsDigest(_ inputs: Inputs) -> InputsDigest {
    inputsDigest(inputs, using: inputs.names.filter { inputs[$0] != nil })
  }

  /// The key of the question with these inputs. O(1).
  public func key(for inputs: InputsDigest) -> QuestionKey {
    QuestionKey(high: Chance.mix(inputs.high ^ high), low: Chance.mix(inputs.low ^ low))
  }

  /// The key of the question to judge `candidate`, which is taken byte for byte. O(length).
  public func key(for inputs: InputsDigest, candidate: String) -> QuestionKey {
    var hash = KeyHash("waterfall.candidate/1")
    hash.append(candidate)
    let (high, low) = hash.halves
    return key(for: InputsDigest(high: inputs.high ^ high, low: inputs.low ^ low))
  }
}

/// SHA-256 over texts, each with its length before it, so that no two lists read the same.
private struct KeyHash {
  private var bytes: [UInt8] = []

  init(_ domain: StaticString) {
    bytes.reserveCapacity(192)
    bytes.append(
      contentsOf: UnsafeBufferPointer(start: domain.utf8Start, count: domain.utf8CodeUnitCount))
  }

  mutating func append(_ text: String) {
    append(count: text.utf8.count)
    bytes.append(contentsOf: text.utf8)
  }

  private mutating func append(count: Int) {
    let count = UInt32(truncatingIfNeeded: count).littleEndian
    withUnsafeBytes(of: count) { bytes.append(contentsOf: $0) }
  }

  /// Appends the canonical form of a text, which most texts in ASCII are but for their case.
  mutating func append(canonical text: String) {
    let isPlain =
      text.utf8.withContiguousStorageIfAvailable { plain in
        guard let first = plain.first, let last = plain.last, first > 0x20, last > 0x20,
          plain.reduce(0, |) < 0x80
        else { return false }
        append(count: plain.count)
        for byte in plain {
          let isCapital = byte &- UInt8(ascii: "A") < 26
          bytes.append(isCapital ? byte | 0x20 : byte)
        }
        return true
      } ?? false
    if !isPlain { append(CanonicalText.of(text)) }
  }

  /// The first 128 of the 256 bits.
  var halves: (UInt64, UInt64) {
    bytes.withUnsafeBytes { SHA256.digest($0).firstHalf }
  }
}

/// A text as it is compared: without spaces around it, and in lower case.
enum CanonicalText {
  static func of(_ text: String) -> String {
    let plain = text.utf8.allSatisfy { byte in
      byte > 0x20 && byte < 0x80 && !(UInt8(ascii: "A")...UInt8(ascii: "Z")).contains(byte)
    }
    return plain ? text : trimmed(text).lowercased()
  }

  static func trimmed(_ text: some StringProtocol) -> String {
    guard let first = text.firstIndex(where: { !$0.isWhitespace }),
      let last = text.lastIndex(where: { !$0.isWhitespace })
    else { return "" }
    return String(text[first...last])
  }
}
