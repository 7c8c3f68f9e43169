import Foundation

/// What a provider's headers say about its limits.
enum RateHeaders {
  /// How long `Retry-After` asks to wait: seconds, or a date (RFC 9110 §10.2.3).
  static func retryAfter(_ response: HTTPResponse, now: Date = Date()) -> Duration? {
    guard let text = response[header: "retry-after"] else { return nil }
    if let seconds = Double(text), seconds >= 0 { return duration(seconds) }
    guard let date = httpDate(text) else { return nil }
    return duration(max(0, date.timeIntervalSince(now)))
  }

  /// How long nothing is left: where `X-RateLimit-Remaining` and its kin say 0, until the reset
  /// that stands beside it, in seconds from now or as Unix time.
  static func pause(_ response: HTTPResponse, now: Date = Date()) -> Duration? {
    var pause: Duration?
    for header in response.headers where header.name.hasSuffix("remaining") {
      guard isRate(header.name), Double(header.value) == 0 else { continue }
      let reset = header.name.dropLast("remaining".count) + "reset"
      guard let text = response[header: String(reset)], let value = Double(text) else { continue }
      let seconds = value > 1e9 ? value - now.timeIntervalSince1970 : value
      pause = max(pause ?? .zero, duration(max(0, seconds)))
    }
    return pause
  }

  private static func isRate(_ name: String) -> Bool {
    ["ratelimit", "rate-limit", "rate_limit"].contains { name.contains($0) }
  }

  private static func duration(_ seconds: Double) -> Duration {
    .milliseconds(Int64(min(seconds, 1e7) * 1000))
  }

  /// As it is written today, and in both of the old ways (RFC 9110 §5.6.7).
  private static func httpDate(_ text: String) -> Date? {
    let format = DateFormatter()
    format.locale = Locale(identifier: "en_US_POSIX")
    format.timeZone = TimeZone(identifier: "GMT")
    for pattern in [
      "EEE, dd MMM yyyy HH:mm:ss zzz", "EEEE, dd-MMM-yy HH:mm:ss zzz", "EEE MMM d HH:mm:ss yyyy",
    ] {
      format.dateFormat = pattern
      if let date = format.date(from: text) { return date }
    }
    return nil
  }
}
