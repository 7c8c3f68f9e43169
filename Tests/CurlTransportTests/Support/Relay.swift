import Foundation
import Synchronization

#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#else
  import Darwin
#endif

/// Passes bytes between clients and a server on the loopback, until it is told to cut all
/// connections that stand. It listens as long as the process lives.
final class Relay: Sendable {
  let port: Int
  private let sockets = Mutex<[Int32]>([])

  init(to target: Int) throws {
    let (listener, port) = try Sockets.listen(backlog: 64)
    self.port = port
    Thread { [self] in
      while true {
        let client = accept(listener, nil, nil)
        guard client >= 0 else { return }
        let server = Sockets.connect(to: target)
        sockets.withLock { $0 += [client, server] }
        Self.pump(client, server)
        Self.pump(server, client)
      }
    }.start()
  }

  func cut() {
    sockets.withLock { sockets in
      for socket in sockets { _ = shutdown(socket, Int32(SHUT_RDWR)) }
      sockets = []
    }
  }

  private static func pump(_ from: Int32, _ to: Int32) {
    Thread {
      var chunk = [UInt8](repeating: 0, count: 16_384)
      while true {
        let count = chunk.withUnsafeMutableBytes { Sockets.receive(from, $0) }
        guard count > 0 else { break }
        let sent = chunk.withUnsafeBytes {
          Sockets.send(to, UnsafeRawBufferPointer(rebasing: $0[..<count]))
        }
        guard sent == count else { break }
      }
      _ = shutdown(to, Int32(SHUT_RDWR))
    }.start()
  }
}
