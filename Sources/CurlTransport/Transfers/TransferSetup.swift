import CCurl

/// What all transfers of a transport have in common.
final class TransferSetup {
  /// A header line.
  let userAgent: String
  private let options: CurlTransport.Options
  /// The context of `openSocket` and `closeSocket`.
  private let sockets: UnsafeMutableRawPointer
  /// TLS sessions, so that another connection to a known host takes fewer steps.
  private let share: UnsafeMutableRawPointer?

  init(_ options: CurlTransport.Options, sockets: UnsafeMutableRawPointer) {
    self.options = options
    userAgent = "User-Agent: \(options.userAgent)"
    self.sockets = sockets
    share = curl_share_init()
    if let share { _ = ccurl_share(share, CURL_LOCK_DATA_SSL_SESSION) }
  }

  deinit { curl_share_cleanup(share) }

  func apply(to easy: EasyHandle) {
    easy.check(ccurl_only_http(easy.pointer))
    easy.check(ccurl_no_wait_for_names(easy.pointer))
    easy.set(CURLOPT_NOSIGNAL, true)
    easy.set(CURLOPT_NOPROGRESS, true)
    easy.set(CURLOPT_FOLLOWLOCATION, false)
    easy.set(CURLOPT_NETRC, Int(CURL_NETRC_IGNORED.rawValue))
    easy.set(CURLOPT_DISALLOW_USERNAME_IN_URL, true)
    easy.set(CURLOPT_PATH_AS_IS, true)
    easy.prefer(CURLOPT_HTTP_VERSION, Int(CURL_HTTP_VERSION_2TLS))
    // Decompresses whatever libcurl can. The header comes with the others: libcurl would format it,
    // and that of the user agent, twice for each request.
    easy.set(CURLOPT_ACCEPT_ENCODING, "")
    easy.set(CURLOPT_SHARE, pointer: share)
    applyConnection(to: easy)
    applyTLS(to: easy)
    applyProxies(to: easy)
  }

  private func applyConnection(to easy: EasyHandle) {
    easy.set(CURLOPT_TCP_NODELAY, true)
    easy.set(CURLOPT_TCP_KEEPALIVE, true)
    easy.set(CURLOPT_MAXAGE_CONN, options.idleSeconds)
    easy.set(CURLOPT_DNS_CACHE_TIMEOUT, options.namesSeconds)
    easy.set(CURLOPT_OPENSOCKETDATA, pointer: sockets)
    easy.set(CURLOPT_CLOSESOCKETDATA, pointer: sockets)
    easy.check(ccurl_on_open(easy.pointer, openSocket))
    easy.check(ccurl_on_close(easy.pointer, closeSocket))
  }

  private func applyTLS(to easy: EasyHandle) {
    easy.set(CURLOPT_SSL_VERIFYPEER, true)
    easy.set(CURLOPT_SSL_VERIFYHOST, 2)
    easy.set(CURLOPT_SSLVERSION, Int(CURL_SSLVERSION_TLSv1_2))
    if let file = options.certificateFile {
      easy.set(CURLOPT_CAINFO, file)
      easy.set(CURLOPT_PROXY_CAINFO, file)
    }
    // Where there is a directory beside the file, libcurl reads the file again for each connection,
    // which takes it as long as hundreds of exchanges do. And a file of one's own stands alone.
    if options.certificateFile != nil || LibCurl.hasCertificateFile {
      easy.set(CURLOPT_CAPATH, nil)
      easy.set(CURLOPT_PROXY_CAPATH, nil)
    }
  }

  private func applyProxies(to easy: EasyHandle) {
    // Custom headers are for the server: a proxy that makes a tunnel does not see them, nor do its
    // own headers count as an answer.
    easy.set(CURLOPT_HEADEROPT, Int(CURLHEADER_SEPARATE))
    easy.set(CURLOPT_SUPPRESS_CONNECT_HEADERS, true)
    // An empty text keeps libcurl from looking into the environment.
    easy.set(CURLOPT_PROXY, "")
    easy.set(CURLOPT_NOPROXY, options.proxies.except ?? "")
  }

  /// What differs between `https` and `http`, and between this machine and others.
  func apply(to easy: EasyHandle, _ way: Way) {
    // A second request waits for the first connection to tell whether it can be shared.
    easy.set(CURLOPT_PIPEWAIT, way.isSecure)
    if options.proxies.http != nil || options.proxies.https != nil {
      easy.set(
        CURLOPT_PROXY,
        options.proxies.url(isSecure: way.isSecure, isLoopback: way.isLoopback) ?? "")
    }
  }

  /// How a server is reached.
  struct Way: Equatable {
    let isSecure: Bool
    let isLoopback: Bool
  }
}

extension TransferSetup.Way {
  init(to origin: Origin) {
    self.init(isSecure: origin.isSecure, isLoopback: origin.isLoopback)
  }
}
