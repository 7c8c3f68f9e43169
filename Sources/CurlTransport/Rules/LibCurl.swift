import CCurl

/// The library as a whole.
enum LibCurl {
  private static let isStarted: Void = {
    let code = curl_global_init(Int(CURL_GLOBAL_DEFAULT))
    if code != CURLE_OK { fatalError("libcurl does not start") }
  }()

  /// Has to come before all else; costs something the first time only.
  static func start() { isStarted }

  /// The header line that offers the compressions that are usual and known to this libcurl.
  static let acceptEncoding = {
    guard let info = curl_version_info(CURLVERSION_SEVENTH) else { return "Accept-Encoding:" }
    let features = info.pointee.features
    var names: [String] = []
    if features & CURL_VERSION_LIBZ != 0 { names.append("gzip") }
    if features & CURL_VERSION_BROTLI != 0 { names.append("br") }
    return "Accept-Encoding: " + names.joined(separator: ", ")
  }()

  /// The system's trusted certificates are in a file, not in a directory alone.
  static let hasCertificateFile: Bool = {
    guard let info = curl_version_info(CURLVERSION_SEVENTH) else { return false }
    return info.pointee.cainfo != nil
  }()
}
