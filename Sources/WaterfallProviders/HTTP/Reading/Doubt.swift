/// Answers that are failures, and leave open whether the question was done and billed all the same.
///
/// The rules of a manifest say more than a status or a broken body does: they are asked first.
enum Doubt {
  /// Statuses of a gateway that passed a request on, and had no answer to it: the origin may be at
  /// work. Beside RFC 9110 §15.6 these are Cloudflare's. All other 5xx, and 408, say that the
  /// request was not taken, not passed on, or failed: see docs/decisions/0007.
  static let passedOn: Set<Int> = [502, 504, 520, 522, 524]

  static func isLeft(by response: HTTPResponse) -> Bool {
    if passedOn.contains(response.status) { return true }
    return (200..<300).contains(response.status) && isCutOff(response.body)
  }

  /// Whether it began as an answer in JSON, and is none as a whole. What never was JSON, such as a
  /// page for people, is no answer to the question.
  private static func isCutOff(_ body: [UInt8]) -> Bool {
    let start = body.first { ![0x20, 0x09, 0x0A, 0x0D].contains($0) }
    guard start == UInt8(ascii: "{") || start == UInt8(ascii: "[") else { return false }
    return !JQInput.isJSON(body)
  }
}
