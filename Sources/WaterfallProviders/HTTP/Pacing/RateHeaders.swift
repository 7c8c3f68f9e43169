import CJQ
import Foundation

/// What a provider's headers say about its limits: how long nothing is left, until when, and how
/// many requests it takes.
///
/// There is no standard that providers follow. Names are read by their words: `remaining` or `left`
/// says what is left, `reset` until when, and `minute` and the like of which window. What belongs
/// together has the same words beside these. `RateLimit` and `RateLimit-Policy` are those of the
/// IETF (draft-ietf-httpapi-ratelimit-headers).
struct RateHeaders {
  /// How long nothing is left; nil where something is, or nothing is said.
  private(set) var pause: Duration?
  /// The next time at which a window begins anew, whatever is left.
  private(set) var reset: Duration?
  /// Limits with their windows.
  private(set) var limits: [RateWindow] = []

  init(_ response: HTTPResponse, now: Date) {
    var names: [RateHeaderName] = []
    for header in response.headers {
      guard let name = RateHeaderName(header) else { continue }
      switch name.kind {
      case .standard: readStandard(header.value)
      case .policy: readPolicy(header.value)
      case .left, .reset, .limit: names.append(name)
      }
    }
    guard !names.isEmpty else { return }
    let resets = names.filter { $0.kind == .reset }
    for reset in resets where reset.isRate {
      for (_, text) in reset.parts {
        guard let wait = RateTime.wait(text, now: now) else { continue }
        self.reset = min(self.reset ?? wait, wait)
      }
    }
    for name in names where name.isRate {
      for (window, text) in name.parts {
        guard let number = Double(text) else { continue }
        if name.kind == .left, number == 0 {
          note(pause: Self.end(of: name, window, resets, now) ?? Self.whole(window))
        } else if name.kind == .limit, let length = RateTime.length(of: window) {
          note(limit: number, per: length)
        }
      }
    }
  }

  /// When the window begins anew, by the header that stands beside the one that says so.
  private static func end(
    of name: RateHeaderName, _ window: String, _ resets: [RateHeaderName], _ now: Date
  ) -> Duration? {
    for reset in resets where reset.stem == name.stem {
      let text = reset.parts.first { $0.window == window } ?? reset.parts.first
      if let wait = text.flatMap({ RateTime.wait($0.text, now: now) }) { return wait }
    }
    return nil
  }

  /// Where nothing says when it ends. Longer ones would not be waited for anyway.
  private static func whole(_ window: String) -> Duration? {
    RateTime.length(of: window).flatMap { $0 <= .seconds(60) ? $0 : nil }
  }

  private mutating func note(pause wait: Duration?) {
    guard let wait else { return }
    pause = max(pause ?? .zero, wait)
  }

  private mutating func note(limit: Double, per: Duration) {
    guard limit >= 1, limit <= 1_000_000, let requests = Int(exactly: limit) else { return }
    limits.append(RateWindow(requests: requests, per: per))
  }

  // MARK: Of the IETF

  /// `"default";r=0;t=30`, or `limit=10, remaining=0, reset=30` as it was before.
  private mutating func readStandard(_ text: String) {
    let items = text.contains("remaining=") ? [Substring(text)] : text.split(separator: ",")
    for item in items {
      let members = Self.members(item)
      guard let left = members["r"] ?? members["remaining"],
        let seconds = members["t"] ?? members["reset"]
      else { continue }
      let wait = RateTime.duration(seconds)
      reset = min(reset ?? wait, wait)
      if left == 0 { note(pause: wait) }
    }
  }

  /// `"default";q=100;w=60`, or `100;w=60` as it was before.
  private mutating func readPolicy(_ text: String) {
    for item in text.split(separator: ",") {
      let members = Self.members(item)
      let first = item.prefix { $0 != ";" }.trimmingCharacters(in: .whitespaces)
      guard let limit = members["q"] ?? Double(first), let seconds = members["w"], seconds >= 1
      else { continue }
      note(limit: limit, per: RateTime.duration(seconds))
    }
  }

  private static func members(_ text: Substring) -> [String: Double] {
    var members: [String: Double] = [:]
    for part in text.split(whereSeparator: { ";, ".contains($0) }) {
      let halves = part.split(separator: "=", maxSplits: 1)
      if halves.count == 2, let number = Double(halves[1]), number >= 0 {
        members[String(halves[0])] = number
      }
    }
    return members
  }

  // MARK: Retry-After

  /// How long `Retry-After` asks to wait: seconds, or a date (RFC 9110 §10.2.3).
  static func retryAfter(_ response: HTTPResponse, now: Date) -> Duration? {
    guard let text = response[header: "retry-after"] else { return nil }
    if let seconds = Double(text) { return seconds >= 0 ? RateTime.duration(seconds) : nil }
    return RateTime.date(text).map { RateTime.duration($0.timeIntervalSince(now)) }
  }
}

/// A header that may tell of a limit.
private struct RateHeaderName {
  enum Kind { case left, reset, limit, standard, policy }

  let kind: Kind
  /// Whether it is about requests, and not about credits.
  let isRate: Bool
  /// Which limit: its words but those that every such header has.
  let stem: [Substring]
  /// By window, which is empty where none is named.
  let parts: [(window: String, text: String)]

  private static let common: Set<Substring> = [
    "x", "rate", "limit", "ratelimit", "remaining", "left", "reset", "request", "requests",
    "seconds", "at", "after", "api",
  ]

  /// nil for any other header. Names are in lower case.
  init?(_ header: HTTPHeader) {
    let name = header.name
    guard name.hasPrefix("x-") || name.hasPrefix("x_") || name.hasPrefix("rate") else { return nil }
    let words = name.split { $0 == "-" || $0 == "_" }
    let pairs = zip(words, words.dropFirst())
    let isLimit = words.contains("ratelimit") || pairs.contains { $0 == ("rate", "limit") }
    if words == ["ratelimit"] {
      kind = .standard
    } else if words == ["ratelimit", "policy"] {
      kind = .policy
    } else if words.contains("remaining") || words.contains("left") {
      kind = .left
    } else if words.contains("reset") {
      kind = .reset
    } else if isLimit {
      kind = .limit
    } else {
      return nil
    }
    stem = words.filter { !Self.common.contains($0) }
    let window = stem.map(String.init).joined(separator: "-")
    isRate =
      isLimit || words.contains("request") || words.contains("requests")
      || RateTime.length(of: window) != nil && kind == .reset
    parts = Self.parts(header.value, window)
  }

  /// One value, or one for each window: `{"minute": 0}`.
  private static func parts(_ value: String, _ window: String) -> [(window: String, text: String)] {
    guard value.hasPrefix("{"), let json = JQInput.parse(Array(value.utf8)),
      case .object(let members) = JSON(taking: json)
    else { return [(window, value)] }
    return members.compactMap { name, value in value.scalarText.map { (name, $0) } }
  }
}

/// Points in time and stretches of it, as providers write them.
enum RateTime {
  /// How long it is until then: seconds from now, Unix time in seconds or milliseconds, or a date.
  /// nil for anything else.
  static func wait(_ text: String, now: Date) -> Duration? {
    if let number = Double(text) {
      guard !number.isNaN else { return nil }
      guard number > 1e9, number.isFinite else { return duration(number) }
      return duration((number > 1e11 ? number / 1000 : number) - now.timeIntervalSince1970)
    }
    return date(text).map { duration($0.timeIntervalSince(now)) }
  }

  /// The length of a window by its name.
  static func length(of window: String) -> Duration? {
    switch window {
    case "second": .seconds(1)
    case "minute", "minutely": .seconds(60)
    case "hour", "hourly": .seconds(3600)
    case "day", "daily", "24-hour": .seconds(86_400)
    default: nil
    }
  }

  static func duration(_ seconds: Double) -> Duration {
    .milliseconds(Int64(min(max(seconds, 0), 1e7) * 1000))
  }

  /// As HTTP writes dates today, in both of the old ways (RFC 9110 §5.6.7), and as ISO 8601 does.
  static func date(_ text: String) -> Date? {
    let format = DateFormatter()
    format.locale = Locale(identifier: "en_US_POSIX")
    format.timeZone = TimeZone(identifier: "GMT")
    for pattern in [
      "EEE, dd MMM yyyy HH:mm:ss zzz", "EEEE, dd-MMM-yy HH:mm:ss zzz", "EEE MMM d HH:mm:ss yyyy",
      "yyyy-MM-dd'T'HH:mm:ssXXXXX", "yyyy-MM-dd'T'HH:mm:ss.SSSXXXXX", "yyyy-MM-dd'T'HH:mm:ss",
      "yyyy-MM-dd HH:mm:ssXXXXX", "yyyy-MM-dd HH:mm:ss 'UTC'", "yyyy-MM-dd HH:mm:ss",
    ] {
      format.dateFormat = pattern
      if let date = format.date(from: text) { return date }
    }
    return nil
  }
}
