import WaterfallProviders

/// The status line and headers of an answer, as they come in.
struct ResponseHead {
  /// More than any honest server sends.
  static let mostBytes = 256 << 10

  private(set) var status = 0
  /// Whole lines with their ends, one after the other, without the status line.
  private var lines: [UInt8] = []
  /// The empty line has come; what follows is the body, and perhaps trailers.
  private(set) var isComplete = false

  mutating func clear() {
    status = 0
    isComplete = false
    lines.removeAll(keepingCapacity: true)
  }

  /// Takes in one line. A status line that comes after an interim answer starts over. False when it
  /// becomes too much.
  mutating func take(_ line: UnsafeBufferPointer<UInt8>) -> Bool {
    if isComplete {
      // What follows the head of a real answer are trailers.
      guard status / 100 == 1 else { return true }
      clear()
    }
    if status == 0, line.starts(with: Self.mark) {
      status = Self.status(of: line)
      return true
    }
    if line.allSatisfy({ $0 == 0x0D || $0 == 0x0A }) {
      isComplete = true
      return true
    }
    guard lines.count + line.count <= Self.mostBytes else { return false }
    lines.append(contentsOf: line)
    return true
  }

  private static let mark = Array("HTTP/".utf8)

  /// The number after the first space, as in `HTTP/1.1 204 No Content`.
  private static func status(of line: UnsafeBufferPointer<UInt8>) -> Int {
    guard let space = line.firstIndex(of: 0x20) else { return 0 }
    var status = 0
    for byte in line[(space + 1)...].prefix(3) {
      guard case 0x30...0x39 = byte else { break }
      status = status * 10 + Int(byte - 0x30)
    }
    return status
  }

  /// The headers in order, names in lower case. O(bytes)
  func headers() -> [HTTPHeader] {
    var headers: [HTTPHeader] = []
    headers.reserveCapacity(16)
    lines.withUnsafeBufferPointer { lines in
      var start = 0
      while start < lines.count {
        let rest = UnsafeBufferPointer(rebasing: lines[start...])
        let end = rest.firstIndex(of: 0x0A) ?? rest.count
        Self.add(UnsafeBufferPointer(rebasing: rest[..<end]), to: &headers)
        start += end + 1
      }
    }
    return headers
  }

  private static func add(_ line: UnsafeBufferPointer<UInt8>, to headers: inout [HTTPHeader]) {
    guard let first = line.first else { return }
    if isSpace(first) {
      // An old way to write a long value on several lines.
      guard let last = headers.indices.last else { return }
      headers[last].value += " " + text(line, from: 0)
    } else if let colon = line.firstIndex(of: UInt8(ascii: ":")) {
      headers.append(HTTPHeader(lowercase(line, upTo: colon), text(line, from: colon + 1)))
    }
  }

  private static func lowercase(_ line: UnsafeBufferPointer<UInt8>, upTo end: Int) -> String {
    String(unsafeUninitializedCapacity: end) { bytes in
      for index in 0..<end {
        let byte = line[index]
        bytes[index] = byte &- 0x41 < 26 ? byte | 0x20 : byte
      }
      return end
    }
  }

  /// Without the white space around it.
  private static func text(_ line: UnsafeBufferPointer<UInt8>, from start: Int) -> String {
    var (start, end) = (start, line.count)
    while start < end, isSpace(line[start]) { start += 1 }
    while end > start, isSpace(line[end - 1]) { end -= 1 }
    return String(decoding: UnsafeBufferPointer(rebasing: line[start..<end]), as: UTF8.self)
  }

  private static func isSpace(_ byte: UInt8) -> Bool {
    byte == 0x20 || byte == 0x09 || byte == 0x0D
  }
}
