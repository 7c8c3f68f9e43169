import CCurl

/// The library as a whole.
enum LibCurl {
  private static let isStarted: Void = {
    let code = curl_global_init(Int(CURL_GLOBAL_DEFAULT))
    if code != CURLE_OK { fatalError("libcurl does not start") }
  }()

  /// Has to come before all else; costs something the first time only.
  static func start() { isStarted }
}
