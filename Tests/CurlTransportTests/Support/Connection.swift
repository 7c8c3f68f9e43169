import Foundation

#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#else
  import Darwin
#endif

/// One connection of the scripted server, used by its thread alone.
final class Connection {
  /// Which of the server, from 1.
  let number: Int
  private let socket: Int32
  private var buffer: [UInt8] = []
  private var requests = 0
  private(set) var isClosed = false
  var beforeLastByte: (() -> Void)?

  init(_ socket: Int32, _ number: Int) {
    self.socket = socket
    self.number = number
    Sockets.neverSignal(socket)
  }

  // MARK: Answering

  /// Sends a whole answer with its length; the connection stays.
  func answer(
    _ status: Int = 200, _ headers: [String] = [], _ body: [UInt8] = [], isHead: Bool = false
  ) {
    var head = "HTTP/1.1 \(status) Word\r\n"
    for header in headers { head += header + "\r\n" }
    head += "Content-Length: \(body.count)\r\n\r\n"
    endAnswer()
    send(Array(head.utf8) + (isHead ? [] : body))
  }

  func answer(_ text: String) { answer(200, [], Array(text.utf8)) }

  /// Sends bytes as they are.
  func send(_ text: String) { send(Array(text.utf8)) }

  func send(_ bytes: [UInt8]) {
    var rest = bytes[...]
    while !rest.isEmpty, !isClosed {
      let count = rest.withUnsafeBytes { Sockets.send(socket, $0) }
      if count <= 0 { return close() }
      rest = rest.dropFirst(count)
    }
  }

  /// What has to be counted is counted before the client can know that it has its answer.
  func endAnswer() {
    beforeLastByte?()
    beforeLastByte = nil
  }

  func pause(_ seconds: Double) { Thread.sleep(forTimeInterval: seconds) }

  /// Ends the connection properly.
  func close() {
    guard !isClosed else { return }
    isClosed = true
    endAnswer()
    _ = Sockets.close(socket)
  }

  /// Ends the connection with a reset.
  func reset() {
    var linger = linger(l_onoff: 1, l_linger: 0)
    setsockopt(socket, SOL_SOCKET, SO_LINGER, &linger, socklen_t(MemoryLayout<linger>.size))
    close()
  }

  // MARK: Reading

  /// The next request; nil where the client has gone.
  func readRequest() -> ServedRequest? {
    let mark: [UInt8] = [13, 10, 13, 10]
    var end = buffer.firstRange(of: mark)
    while end == nil {
      guard readMore() else { return nil }
      end = buffer.firstRange(of: mark)
    }
    guard let end else { return nil }
    let lines = String(decoding: buffer[..<end.lowerBound], as: UTF8.self)
      .components(separatedBy: "\r\n")
    buffer.removeSubrange(..<end.upperBound)
    let words = lines[0].split(separator: " ")
    guard words.count == 3 else { return nil }
    requests += 1
    var request = ServedRequest(
      method: String(words[0]), target: String(words[1]), headers: [], body: [], number: requests)
    for line in lines.dropFirst() {
      guard let colon = line.firstIndex(of: ":") else { continue }
      let value = line[line.index(after: colon)...].trimmingCharacters(in: .whitespaces)
      request.headers.append((String(line[..<colon]), value))
    }
    let length = request.header("content-length").flatMap { Int($0) } ?? 0
    while buffer.count < length { guard readMore() else { return nil } }
    request.body = Array(buffer.prefix(length))
    buffer.removeFirst(length)
    return request
  }

  /// Waits for something from the client, and throws it away; false where it has gone.
  func readMore() -> Bool {
    var chunk = [UInt8](repeating: 0, count: 65_536)
    let count = chunk.withUnsafeMutableBytes { Sockets.receive(socket, $0) }
    guard count > 0 else { return false }
    buffer += chunk.prefix(count)
    return true
  }
}
