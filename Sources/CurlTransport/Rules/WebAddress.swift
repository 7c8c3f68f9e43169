import CCurl

/// A URL as libcurl reads it, so that what is judged here is what it will ask for.
struct WebAddress {
  let url: String
  let scheme: String
  let host: String
  let port: Int
  /// The URL names its port.
  let hasPort: Bool
  let hasUser: Bool

  /// Nil where libcurl cannot read it. A `reference` is resolved against the base, as the location
  /// of a redirect is.
  init?(_ base: String, reference: String? = nil, guessesScheme: Bool = false) {
    guard let parts = curl_url() else { return nil }
    defer { curl_url_cleanup(parts) }
    let flags = UInt32(
      guessesScheme ? CURLU_GUESS_SCHEME | CURLU_NON_SUPPORT_SCHEME : CURLU_NON_SUPPORT_SCHEME)
    guard curl_url_set(parts, CURLUPART_URL, base, flags) == CURLUE_OK else { return nil }
    if let reference {
      let flags = UInt32(CURLU_NON_SUPPORT_SCHEME | CURLU_URLENCODE | CURLU_ALLOW_SPACE)
      guard curl_url_set(parts, CURLUPART_URL, reference, flags) == CURLUE_OK else { return nil }
    }
    func part(_ what: CURLUPart, _ flags: Int32 = 0) -> String? {
      var text: UnsafeMutablePointer<CChar>?
      guard curl_url_get(parts, what, &text, UInt32(flags)) == CURLUE_OK, let text else {
        return nil
      }
      defer { curl_free(text) }
      return String(cString: text)
    }
    guard let url = part(CURLUPART_URL), let scheme = part(CURLUPART_SCHEME),
      let host = part(CURLUPART_HOST), !host.isEmpty
    else { return nil }
    self.url = url
    self.scheme = scheme.lowercased()
    self.host = host.lowercased()
    port = part(CURLUPART_PORT, CURLU_DEFAULT_PORT).flatMap { Int($0) } ?? 0
    hasPort = part(CURLUPART_PORT) != nil
    hasUser = part(CURLUPART_USER) != nil || part(CURLUPART_PASSWORD) != nil
  }

  /// Nil for anything but `http` and `https`.
  var origin: Origin? {
    guard scheme == "http" || scheme == "https" else { return nil }
    return Origin(isSecure: scheme == "https", host: host, port: port)
  }
}
