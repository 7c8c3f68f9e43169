import Foundation
import Synchronization

#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#else
  import Darwin
#endif

/// Passes bytes between clients and a server on the loopback, until it is told to break all
/// connections that stand. It listens as long as the process lives.
final class Relay: Sendable {
  private struct State {
    var sockets: [Int32] = []
    /// Which connections are passed on: those of this round.
    var round = 0
  }

  let port: Int
  private let state = Mutex(State())

  init(to target: Int) throws {
    let (listener, port) = try Sockets.listen(backlog: 64)
    self.port = port
    Thread { [self] in
      while true {
        let client = accept(listener, nil, nil)
        guard client >= 0 else { return }
        let server = Sockets.connect(to: target)
        let round = state.withLock { state in
          state.sockets += [client, server]
          return state.round
        }
        pump(client, server, round)
        pump(server, client, round)
      }
    }.start()
  }

  /// Breaks them with a reset.
  func cut() {
    let sockets = state.withLock { state in
      defer { state.sockets = [] }
      state.round += 1
      return state.sockets
    }
    // A socket that somebody waits for is not reset.
    Thread.sleep(forTimeInterval: 0.3)
    for socket in sockets {
      var linger = linger(l_onoff: 1, l_linger: 0)
      setsockopt(socket, SOL_SOCKET, SO_LINGER, &linger, socklen_t(MemoryLayout<linger>.size))
      _ = Sockets.close(socket)
    }
  }

  private func pump(_ from: Int32, _ to: Int32, _ round: Int) {
    var wait = timeval(tv_sec: 0, tv_usec: 20_000)
    setsockopt(from, SOL_SOCKET, SO_RCVTIMEO, &wait, socklen_t(MemoryLayout<timeval>.size))
    Thread { [self] in
      var chunk = [UInt8](repeating: 0, count: 16_384)
      while state.withLock({ $0.round }) == round {
        let count = chunk.withUnsafeMutableBytes { Sockets.receive(from, $0) }
        if count < 0, errno == EAGAIN { continue }
        guard count > 0 else { break }
        let sent = chunk.withUnsafeBytes {
          Sockets.send(to, UnsafeRawBufferPointer(rebasing: $0[..<count]))
        }
        guard sent == count else { break }
      }
    }.start()
  }
}
