import Foundation
import Synchronization

#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#else
  import Darwin
#endif

/// A server on the loopback that answers as a script says, rightly or wrongly. Each connection has
/// a thread of its own. It listens as long as the process lives.
final class ScriptedServer: Sendable {
  typealias Script = @Sendable (ServedRequest, Connection) -> Void

  struct Counts: Sendable {
    var connections = 0
    var requests = 0
    /// Requests that are being answered now, and the most of them at once.
    var open = 0
    var mostOpen = 0
    var targets: [String] = []
  }

  let port: Int
  private let listener: Int32
  private let script: Script
  private let state = Mutex(Counts())

  /// Listens at once. `isIPv6` takes the address `::1`.
  init(isIPv6: Bool = false, script: @escaping Script) throws {
    (listener, port) = try Sockets.listen(isIPv6: isIPv6, backlog: 512)
    self.script = script
    // The thread keeps the server: a test may let go of it while an exchange is still under way.
    let thread = Thread { [self] in
      while true {
        let socket = accept(listener, nil, nil)
        if socket >= 0 { serve(socket) } else if errno != EINTR { return }
      }
    }
    thread.stackSize = 256 << 10
    thread.start()
  }

  var counts: Counts { state.withLock { $0 } }

  func url(_ path: String = "/") -> String { "http://127.0.0.1:\(port)\(path)" }

  private func serve(_ socket: Int32) {
    let number = state.withLock { counts in
      counts.connections += 1
      return counts.connections
    }
    let thread = Thread { [self] in
      let connection = Connection(socket, number)
      while !connection.isClosed, let request = connection.readRequest() {
        state.withLock { counts in
          counts.requests += 1
          counts.open += 1
          counts.mostOpen = max(counts.mostOpen, counts.open)
          counts.targets.append(request.target)
        }
        // The client may go on as soon as it has the answer, so the count ends before that.
        connection.beforeLastByte = { [self] in state.withLock { $0.open -= 1 } }
        script(request, connection)
        connection.endAnswer()
      }
      connection.close()
    }
    thread.stackSize = 256 << 10
    thread.start()
  }
}

/// A request as the server read it.
struct ServedRequest: Sendable {
  var method: String
  var target: String
  /// In the order received, as they were written.
  var headers: [(name: String, value: String)]
  var body: [UInt8]
  /// Which of its connection, from 1.
  var number: Int

  func header(_ name: String) -> String? {
    headers.first { $0.name.lowercased() == name }?.value
  }
}
