import Foundation

/// A pipe whose reading end never blocks.
final class Pipe {
  private let reader: Int32
  private(set) var writer: Int32
  private var hasEnded = false

  /// Nil, with `errno`, where no more files can be opened.
  init?() {
    var ends: [Int32] = [-1, -1]
    guard pipe(&ends) == 0 else { return nil }
    (reader, writer) = (ends[0], ends[1])
    for end in ends { _ = fcntl(end, F_SETFD, FD_CLOEXEC) }
    _ = fcntl(reader, F_SETFL, O_NONBLOCK)
  }

  func closeWriter() {
    guard writer >= 0 else { return }
    _ = Foundation.close(writer)
    writer = -1
  }

  func close() {
    closeWriter()
    _ = Foundation.close(reader)
  }

  /// What there is to read now.
  func takeAll() -> [UInt8] {
    var bytes: [UInt8] = []
    var buffer = [UInt8](repeating: 0, count: 16_384)
    while !hasEnded, bytes.count < 1 << 20 {
      let count = retrying { read(reader, &buffer, buffer.count) }
      if count < 0 { break }
      if count == 0 { hasEnded = true }
      bytes += buffer[..<count]
    }
    return bytes
  }

  /// Until one of them has something to read, and no longer than this.
  static func wait(for pipes: [Pipe], milliseconds: Int32) {
    var waiting = pipes.filter { !$0.hasEnded }
      .map { pollfd(fd: $0.reader, events: Int16(POLLIN), revents: 0) }
    _ = poll(&waiting, nfds_t(waiting.count), milliseconds)
  }
}
