import CCurl
import WaterfallProviders

/// What is known of a transfer that failed.
struct Breakdown {
  var code: CURLcode
  var stop: Transfer.Stop?
  /// The request was given to a connection that stood.
  var hasConnected = false
  /// What the system said last, 0 if nothing.
  var systemError: Int32 = 0
  /// libcurl's own words.
  var detail = ""
  /// Host, and port where it is not the usual one.
  var host: String
  var proxy: Proxy?
  var mostBytes = 0
  var timeouts = HTTPTimeouts()
}

extension Breakdown {
  struct Proxy {
    /// Host and port.
    let name: String
    /// The variable that named it, if any.
    let variable: String?

    init?(_ url: String?, _ variable: String?) {
      guard let url else { return nil }
      name = CurlTransport.Proxies.name(url)
      self.variable = variable
    }

    var words: String {
      name + (variable.map { " (from \($0); no_proxy names hosts to ask directly)" } ?? "")
    }
  }
}

/// The kind and the words of a failure: what happened, where, never what was asked.
extension Breakdown {
  typealias Verdict = (kind: HTTPFailure.Kind, words: String)

  var verdict: Verdict {
    switch stop {
    case .tooLarge: return (.badResponse, "the answer of \(host) is longer than \(mostBytes) bytes")
    case .headTooLarge: return (.badResponse, "the headers of \(host) are too long")
    case .sentAgain: return (.noAnswer, "\(host) ended the exchange without an answer")
    case nil: return hasConnected ? afterConnecting : beforeConnecting
    }
  }

  // MARK: Before the connection stood

  private var beforeConnecting: Verdict {
    switch code {
    case CURLE_URL_MALFORMAT, CURLE_UNSUPPORTED_PROTOCOL, CURLE_LOGIN_DENIED:
      (.badRequest, "the URL of \(host) is not one that can be asked")
    case CURLE_COULDNT_RESOLVE_HOST, CURLE_COULDNT_RESOLVE_PROXY:
      (.notConnected, "\(culprit.map { "the proxy \($0.words)" } ?? host) has no address")
    case CURLE_OPERATION_TIMEDOUT: (.notConnected, lateConnection)
    case CURLE_COULDNT_CONNECT, CURLE_SEND_ERROR, CURLE_RECV_ERROR, CURLE_GOT_NOTHING,
      CURLE_PROXY:
      (.notConnected, "cannot connect to \(host)\(byProxy)\(systemReason)")
    case CURLE_SSL_CACERT_BADFILE:
      (.notConnected, "no TLS with \(host): the file of trusted certificates cannot be used")
    case CURLE_PEER_FAILED_VERIFICATION, CURLE_SSL_CONNECT_ERROR, CURLE_SSL_CERTPROBLEM,
      CURLE_SSL_CIPHER, CURLE_SSL_ISSUER_ERROR, CURLE_SSL_INVALIDCERTSTATUS:
      (.notConnected, "no TLS with \(host)\(byProxy)\(reason)")
    default: (.notConnected, "cannot connect to \(host)\(byProxy)\(reason)")
    }
  }

  private var lateConnection: String {
    "no connection to \(host)\(byProxy) within \(Self.words(timeouts.connect))"
  }

  /// The proxy, where libcurl's words name it: a host may be exempt from it.
  private var culprit: Proxy? {
    guard let proxy, let name = proxy.name.split(separator: ":").first,
      detail.contains(name) || detail.contains("proxy") || detail.contains("CONNECT")
    else { return nil }
    return proxy
  }

  private var byProxy: String { culprit.map { " through the proxy \($0.words)" } ?? "" }

  private var systemReason: String { systemError == 0 ? reason : ": \(systemWords(systemError))" }

  /// libcurl's words before a request is made: names, addresses, and what the TLS library says.
  private var reason: String {
    let words = detail.unicodeScalars.filter { $0.value >= 0x20 && $0.value != 0x7F }.prefix(200)
    return words.isEmpty ? curlReason : ": " + String(String.UnicodeScalarView(words))
  }

  /// libcurl's words for the code.
  private var curlReason: String { ": \(String(cString: curl_easy_strerror(code)))" }

  // MARK: After it stood

  private var afterConnecting: Verdict {
    switch code {
    case CURLE_GOT_NOTHING: (.noAnswer, "\(host) closed the connection without an answer")
    case CURLE_RECV_ERROR where detail.contains("chunk"):
      (.badResponse, "the answer of \(host) is garbled")
    case CURLE_PARTIAL_FILE: (.badResponse, "the answer of \(host) is cut off")
    case CURLE_BAD_CONTENT_ENCODING, CURLE_WRITE_ERROR:
      (.badResponse, "the answer of \(host) cannot be decompressed")
    case CURLE_WEIRD_SERVER_REPLY, CURLE_UNSUPPORTED_PROTOCOL:
      (.badResponse, "the answer of \(host) is not HTTP")
    case CURLE_SEND_ERROR, CURLE_RECV_ERROR, CURLE_HTTP2, CURLE_HTTP2_STREAM:
      (.noAnswer, "the connection to \(host) broke\(breakReason)")
    // Those of a redirect: the request before was answered, so something was sent.
    case CURLE_OPERATION_TIMEDOUT: (.noAnswer, lateConnection)
    case CURLE_COULDNT_CONNECT, CURLE_COULDNT_RESOLVE_HOST:
      (.noAnswer, "cannot connect to \(host)\(systemReason)")
    default: (.noAnswer, "no answer from \(host)\(curlReason)")
    }
  }

  private var breakReason: String { systemError == 0 ? "" : ": \(systemWords(systemError))" }

  static func words(_ duration: Duration) -> String {
    let milliseconds = duration.nanoseconds / 1_000_000
    return milliseconds % 1_000 == 0 ? "\(milliseconds / 1_000) s" : "\(milliseconds) ms"
  }
}
