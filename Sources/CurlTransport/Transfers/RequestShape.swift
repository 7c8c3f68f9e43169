import CCurl

/// The options that a method needs. libcurl knows three kinds of request and lends them any name.
enum RequestShape: Equatable {
  case get, head, post
  case other(String, hasBody: Bool)

  init(method: String, hasBody: Bool) {
    switch method {
    case "GET" where !hasBody: self = .get
    case "HEAD": self = .head
    case "POST": self = .post
    case "PUT", "PATCH": self = .other(method, hasBody: true)
    default: self = .other(method, hasBody: hasBody)
    }
  }

  /// Whether a body is sent, be it an empty one.
  var hasBody: Bool {
    switch self {
    case .get, .head: false
    case .post: true
    case .other(_, let hasBody): hasBody
    }
  }

  func apply(to easy: EasyHandle, after last: RequestShape) {
    if case .other = last { easy.set(CURLOPT_CUSTOMREQUEST, nil) }
    if last == .head { easy.set(CURLOPT_NOBODY, false) }
    if self == .head {
      easy.set(CURLOPT_NOBODY, true)
    } else {
      easy.set(hasBody ? CURLOPT_POST : CURLOPT_HTTPGET, true)
    }
    if case .other(let method, _) = self { easy.set(CURLOPT_CUSTOMREQUEST, method) }
  }
}
