import HTTPTypes
import Hummingbird
import NIOCore
import WaterfallProviders

#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#else
  import Darwin
#endif

/// What the answers to one request need to know of its connection.
struct SandboxContext: RequestContext {
  var coreContext: CoreRequestContextStorage
  let channel: any Channel

  init(source: ApplicationRequestContextSource) {
    coreContext = .init(source: source)
    channel = source.channel
  }
}

/// Turns requests of the wire into those of the desk, and its deliveries into bytes.
struct SandboxResponder: HTTPResponder {
  private let desk: SandboxDesk

  init(_ desk: SandboxDesk) { self.desk = desk }

  /// Longer ones are refused.
  private static let mostBytes = 4 << 20

  private struct ConnectionEnded: Error {}

  func respond(to request: Request, context: SandboxContext) async throws -> Response {
    var body: [UInt8] = []
    if request.headers[.contentLength] != nil || request.headers[.transferEncoding] != nil {
      body = Array(buffer: try await request.body.collect(upTo: Self.mostBytes))
    }
    let delivery = desk.answer(Self.sandboxRequest(request, body))
    if delivery.delay > .zero { try await Task.sleep(for: delivery.delay) }
    switch delivery.way {
    case .whole:
      return Self.response(
        delivery.response, ResponseBody(byteBuffer: ByteBuffer(bytes: delivery.response.body)))
    case .broken:
      try await context.channel.close()
      throw ConnectionEnded()
    case .silent:
      await Self.wait(for: context.channel)
      throw ConnectionEnded()
    case .reset: return Self.reset(delivery.response, context.channel)
    case .twice: return Self.twice(delivery.response)
    case .drip(let pause): return Self.drip(delivery.response, pause)
    }
  }

  /// Says nothing until the other side has gone, the server ends, or an hour is over; then the
  /// connection is closed.
  private static func wait(for channel: any Channel) async {
    await withTaskGroup(of: Void.self) { group in
      group.addTask { try? await channel.closeFuture.get() }
      group.addTask {
        try? await Task.sleep(for: .seconds(3600))
        try? await channel.close()
      }
      await group.next()
      group.cancelAll()
    }
  }

  private static func sandboxRequest(_ request: Request, _ body: [UInt8]) -> SandboxRequest {
    let target = request.head.path ?? "/"
    let end = target.utf8.firstIndex(of: UInt8(ascii: "?")) ?? target.endIndex
    let query = end == target.endIndex ? "" : target[target.utf8.index(after: end)...]
    return SandboxRequest(
      method: request.method.rawValue, path: String(target[..<end]), query: String(query),
      headers: request.headers.map { HTTPHeader($0.name.canonicalName, $0.value) }, body: body)
  }

  private static func response(
    _ response: WaterfallProviders.HTTPResponse, _ body: ResponseBody
  ) -> Response {
    var headers = HTTPFields()
    for header in response.headers {
      guard let name = HTTPField.Name(header.name) else { continue }
      headers.append(HTTPField(name: name, value: header.value))
    }
    return Response(
      status: HTTPResponse.Status(code: response.status), headers: headers, body: body)
  }

  /// Half of the body; then the connection is closed in the hard way, by a reset.
  private static func reset(
    _ response: WaterfallProviders.HTTPResponse, _ channel: any Channel
  ) -> Response {
    let half = ByteBuffer(bytes: response.body.prefix(response.body.count / 2))
    let body = ResponseBody(contentLength: max(1, response.body.count)) { writer in
      try await writer.write(half)
      // Once round the event loop, so that what was written has left.
      try await channel.eventLoop.submit {}.get()
      if let socket = channel as? any SocketOptionProvider {
        try await socket.setSoLinger(linger(l_onoff: 1, l_linger: 0)).get()
      }
      try await channel.close()
      throw ConnectionEnded()
    }
    return Self.response(response, body)
  }

  /// The answer, and behind its end the same one again, with its head: whoever uses the connection
  /// again without looking takes it for the next answer.
  private static func twice(_ response: WaterfallProviders.HTTPResponse) -> Response {
    let bytes = response.body
    var head = "HTTP/1.1 \(response.status) \r\ncontent-length: \(bytes.count)\r\n"
    for header in response.headers { head += "\(header.name): \(header.value)\r\n" }
    // In one piece, so that the second one is there as soon as the first one is.
    let both = ByteBuffer(bytes: bytes + Array((head + "\r\n").utf8) + bytes)
    let body = ResponseBody(contentLength: bytes.count) { writer in
      try await writer.write(both)
      try await writer.finish(nil)
    }
    return Self.response(response, body)
  }

  private static func drip(
    _ response: WaterfallProviders.HTTPResponse, _ pause: Duration
  ) -> Response {
    let bytes = response.body
    let body = ResponseBody(contentLength: bytes.count) { writer in
      for byte in bytes {
        try await Task.sleep(for: pause)
        try await writer.write(ByteBuffer(bytes: [byte]))
      }
      try await writer.finish(nil)
    }
    return Self.response(response, body)
  }
}
