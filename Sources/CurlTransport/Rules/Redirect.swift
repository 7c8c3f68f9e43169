import WaterfallProviders

/// What becomes of an answer that points elsewhere.
enum Redirect: Equatable {
  case follow(url: String, isSecure: Bool, keepsHeaders: Bool)
  /// The rule, or good sense, is against it; why, in words.
  case refuse(String)

  /// No honest chain is longer.
  static let most = 5

  /// Nil for an answer that is no redirect: another status, or no location.
  static func of(
    _ status: Int, _ headers: [HTTPHeader], from url: String, _ request: HTTPRequest,
    after redirects: Int
  ) -> Redirect? {
    guard status / 100 == 3, [301, 302, 303, 307, 308].contains(status),
      let location = headers.first(where: { $0.name == "location" })?.value
    else { return nil }
    guard let from = WebAddress(url)?.origin else { return .refuse("a redirect from nowhere") }
    let start = "\(from.name) redirects (status \(status))"
    guard let target = WebAddress(url, reference: location) else {
      return .refuse("\(start) to a place that is no URL")
    }
    guard let to = target.origin else {
      return .refuse("\(start) to the scheme \(target.scheme)")
    }
    if target.hasUser { return .refuse("\(start) to a URL with a user name or password in it") }
    let rule = request.redirects
    guard allows(rule, from, to) else {
      return .refuse("\(start) to \(place(to, from)), which the rule \(rule.rawValue) refuses")
    }
    guard request.method == "GET" || request.method == "HEAD" || status > 303 && from == to else {
      return .refuse(
        "\(start) to \(place(to, from)), and a \(request.method) is not repeated there")
    }
    guard redirects < most else { return .refuse("\(start) once more after \(most) times") }
    return .follow(
      url: target.url, isSecure: to.isSecure, keepsHeaders: to.isSameHost(as: from))
  }

  private static func allows(_ rule: RedirectRule, _ from: Origin, _ to: Origin) -> Bool {
    switch rule {
    case .none: false
    case .sameOrigin: to == from
    case .https: to.isSecure
    }
  }

  private static func place(_ to: Origin, _ from: Origin) -> String {
    let scheme = to.isSecure == from.isSecure ? "" : to.isSecure ? "https://" : "http://"
    return to == from ? "itself" : scheme + to.name
  }
}
