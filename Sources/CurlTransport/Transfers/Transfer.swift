import CCurl
import WaterfallProviders

/// One easy handle with its buffers, used for one exchange after the other.
///
/// libcurl keeps what it is told; so only what differs from the exchange before is set again.
final class Transfer {
  /// Why a callback ended the transfer.
  enum Stop {
    case tooLarge, headTooLarge
    /// libcurl was about to send the request once more although it may have been read.
    case sentAgain
  }

  /// A buffer that has grown beyond this does not outlive its exchange.
  static let mostKept = 64 << 10

  let easy = EasyHandle()
  private let setup: TransferSetup

  // The exchange.
  private(set) var exchange: Exchange?
  private(set) var host: HostSlots?
  /// Where the request goes now, after redirects.
  private(set) var url = ""
  private(set) var redirects = 0
  private var started: Int64 = 0
  private(set) var connectBy: Int64 = 0
  private(set) var firstByteBy: Int64 = 0
  private(set) var endBy: Int64 = 0
  /// When an alarm is set for this transfer; none: the end of time.
  var alarm = Int64.max

  // What the callbacks found. See Transfer+Callbacks.swift.
  /// The connection stood and the request was given to it, on any hop.
  var hasConnected = false
  var hasFirstByte = false
  /// How often this hop's request was given to a connection.
  var requests = 0
  var stop: Stop?
  var head = ResponseHead()
  var body: [UInt8] = []
  let detail = UnsafeMutablePointer<CChar>.allocate(capacity: Int(CURL_ERROR_SIZE))

  // What the handle was told last.
  private let lines = HeaderLines()
  private var headers: (headers: [HTTPHeader], hasBody: Bool)?
  private var timeouts = HTTPTimeouts()
  private var limits = (connect: Int64(0), firstByte: Int64(0), total: Int64(0))
  private var shape = RequestShape.get
  private var payload: UnsafeMutableRawBufferPointer = .allocate(byteCount: 256, alignment: 1)
  private var payloadSize = -1
  private var way: TransferSetup.Way?

  init(_ setup: TransferSetup) {
    self.setup = setup
    prepare()
  }

  deinit {
    curl_easy_cleanup(easy.pointer)
    detail.deallocate()
    payload.deallocate()
  }

  // MARK: From exchange to exchange

  func begin(_ exchange: Exchange, _ host: HostSlots, now: Int64) {
    self.exchange = exchange
    self.host = host
    started = now
    redirects = 0
    hasConnected = false
    let request = exchange.request
    tell(timeouts: request.timeouts)
    connectBy = now + limits.connect
    firstByteBy = now + limits.firstByte
    endBy = now + limits.total
    tell(method: request.method, body: request.body)
    tell(headers: request.headers)
    aim(at: request.url, TransferSetup.Way(to: host.origin))
  }

  /// Goes on to where a redirect leads, within the exchange's time.
  func follow(to url: String, isSecure: Bool, keepsHeaders: Bool) {
    redirects += 1
    if !keepsHeaders { tell(headers: []) }
    let isLoopback = (try? RequestCheck.origin(ofURL: url))?.isLoopback ?? false
    aim(at: url, TransferSetup.Way(isSecure: isSecure, isLoopback: isLoopback))
  }

  /// Gives the exchange back and makes the handle ready for another.
  func end(_ result: Result<HTTPResponse, HTTPFailure>) -> (Exchange, HostSlots)? {
    guard let exchange, let host else { return nil }
    self.exchange = nil
    self.host = nil
    if body.capacity > Self.mostKept { body = [] }
    if case .success = result, requests <= 1, payload.count <= Self.mostKept {
      return (exchange, host)
    }
    renew()
    return (exchange, host)
  }

  /// Sets the handle up anew: libcurl counts failed requests over a handle's whole life.
  private func renew() {
    curl_easy_reset(easy.pointer)
    if payload.count > Self.mostKept {
      payload.deallocate()
      payload = .allocate(byteCount: 256, alignment: 1)
    }
    headers = nil
    shape = .get
    payloadSize = -1
    limits.total = 0
    way = nil
    prepare()
  }

  private func prepare() {
    setup.apply(to: easy)
    let context = Unmanaged.passUnretained(self).toOpaque()
    easy.set(CURLOPT_PRIVATE, pointer: context)
    easy.set(CURLOPT_HEADERDATA, pointer: context)
    easy.set(CURLOPT_WRITEDATA, pointer: context)
    easy.set(CURLOPT_PREREQDATA, pointer: context)
    easy.set(CURLOPT_ERRORBUFFER, pointer: detail)
    easy.set(CURLOPT_HEADERFUNCTION, receiver: receiveHeader)
    easy.set(CURLOPT_WRITEFUNCTION, receiver: receiveBody)
    easy.check(ccurl_on_request(easy.pointer, beforeRequest))
  }

  /// What the buffers take up.
  var heldBytes: Int { body.capacity + payload.count }

  // MARK: Results

  /// The body that came in. A small one is copied, so that the buffer stays; a large one is given
  /// away.
  func takeBody() -> [UInt8] {
    guard body.count > Self.mostKept else { return body.withUnsafeBufferPointer(Array.init) }
    defer { body = [] }
    return body
  }

  /// Microseconds since the start.
  func latency() -> Int64 { (MonotonicClock.now() - started) / 1_000 }

  /// The host that is asked now, after redirects.
  var origin: Origin? { (try? RequestCheck.origin(ofURL: url)) ?? host?.origin }

  var place: String { origin?.name ?? "" }

  /// What the system said when the connection failed; 0 for nothing.
  var systemError: Int32 { Int32(clamping: ccurl_get_long(easy.pointer, CURLINFO_OS_ERRNO)) }

  // MARK: Telling the handle

  private func aim(at url: String, _ way: TransferSetup.Way) {
    self.url = url
    requests = 0
    hasFirstByte = false
    stop = nil
    detail.pointee = 0
    head.clear()
    body.removeAll(keepingCapacity: true)
    easy.set(CURLOPT_URL, url)
    if self.way != way {
      self.way = way
      setup.apply(to: easy, way)
    }
  }

  private func tell(method: String, body: [UInt8]?) {
    let wanted = RequestShape(method: method, hasBody: body != nil)
    if wanted.hasBody { tell(payload: body ?? []) }
    if wanted != shape || wanted.hasBody {
      wanted.apply(to: easy, after: shape)
      shape = wanted
    }
  }

  /// libcurl reads the body from here until the exchange has ended.
  private func tell(payload bytes: [UInt8]) {
    if bytes.count > payload.count {
      payload.deallocate()
      payload = .allocate(byteCount: bytes.count * 2, alignment: 1)
    }
    payload.copyBytes(from: bytes)
    easy.set(CURLOPT_POSTFIELDS, pointer: payload.baseAddress)
    if payloadSize != bytes.count {
      payloadSize = bytes.count
      easy.set(CURLOPT_POSTFIELDSIZE_LARGE, size: bytes.count)
    }
  }

  private func tell(headers: [HTTPHeader]) {
    let hasBody = shape.hasBody
    if let last = self.headers, last.hasBody == hasBody, last.headers == headers { return }
    self.headers = (headers, hasBody)
    func isMissing(_ name: String) -> Bool { !headers.contains { $0.name.isSame(as: name) } }
    var more: [String] = []
    if isMissing("user-agent") { more.append(setup.userAgent) }
    if isMissing("accept-encoding") { more.append(LibCurl.acceptEncoding) }
    if hasBody {
      // libcurl would wait for leave to send a large body, and name a type of its own.
      more.append("Expect:")
      if isMissing("content-type") { more.append("Content-Type:") }
    }
    easy.set(CURLOPT_HTTPHEADER, list: lines.make(headers, and: more))
  }

  private func tell(timeouts: HTTPTimeouts) {
    guard timeouts != self.timeouts || limits.total == 0 else { return }
    self.timeouts = timeouts
    limits = (
      timeouts.connect.nanoseconds, timeouts.firstByte.nanoseconds, timeouts.total.nanoseconds
    )
    // libcurl divides it among a host's addresses. 0 would be its own default.
    easy.set(CURLOPT_CONNECTTIMEOUT_MS, min(max(Int(limits.connect / 1_000_000), 1), 1 << 30))
  }
}
