#if os(Linux)
  import CCurl

  #if canImport(Glibc)
    import Glibc
  #else
    import Musl
  #endif

  /// The cost of a wait depends on what is ready, not on how much is watched.
  final class EpollPoller: Poller {
    private let descriptor: Int32
    /// Few at a time: what has ended is dealt with before the next ones are looked at, and an answer
    /// that was among the first of many shall not wait for the last of them.
    private var events = [epoll_event](repeating: epoll_event(), count: 64)

    init() throws {
      descriptor = epoll_create1(Int32(EPOLL_CLOEXEC))
      guard descriptor >= 0 else { throw systemFailure("cannot wait for connections") }
    }

    deinit { close(descriptor) }

    func watch(_ socket: Int32, for interest: Readiness, isNew: Bool) {
      var event = epoll_event()
      event.data.fd = socket
      if interest.contains(.read) { event.events |= EPOLLIN.rawValue }
      if interest.contains(.write) { event.events |= EPOLLOUT.rawValue }
      epoll_ctl(descriptor, isNew ? EPOLL_CTL_ADD : EPOLL_CTL_MOD, socket, &event)
    }

    func forget(_ socket: Int32) {
      var event = epoll_event()
      epoll_ctl(descriptor, EPOLL_CTL_DEL, socket, &event)
    }

    func wait(milliseconds: Int32, _ body: (Int32, Readiness) -> Void) -> Int {
      let count = epoll_wait(descriptor, &events, Int32(events.count), milliseconds)
      guard count > 0 else { return 0 }
      for index in 0..<Int(count) {
        let event = events[index]
        var readiness: Readiness = []
        if event.events & Self.readable != 0 { readiness.insert(.read) }
        if event.events & Self.writable != 0 { readiness.insert(.write) }
        body(event.data.fd, readiness)
      }
      return Int(count)
    }

    private static let broken = EPOLLERR.rawValue | EPOLLHUP.rawValue
    private static let readable = EPOLLIN.rawValue | broken
    private static let writable = EPOLLOUT.rawValue | broken
  }
#endif
