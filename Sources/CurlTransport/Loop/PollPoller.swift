#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#else
  import Darwin
#endif

/// For systems without `epoll`. The cost of a wait grows with what is watched.
final class PollPoller: Poller {
  private var watched: [pollfd] = []
  /// Where each socket is in `watched`.
  private var places: [Int32: Int] = [:]
  private var ready: [pollfd] = []

  func watch(_ socket: Int32, for interest: Readiness, isNew: Bool) {
    var events: Int16 = 0
    if interest.contains(.read) { events |= Int16(POLLIN) }
    if interest.contains(.write) { events |= Int16(POLLOUT) }
    if let place = places[socket] {
      watched[place].events = events
    } else {
      places[socket] = watched.count
      watched.append(pollfd(fd: socket, events: events, revents: 0))
    }
  }

  func forget(_ socket: Int32) {
    guard let place = places.removeValue(forKey: socket) else { return }
    let last = watched.removeLast()
    guard last.fd != socket else { return }
    watched[place] = last
    places[last.fd] = place
  }

  func wait(milliseconds: Int32, _ body: (Int32, Readiness) -> Void) -> Int {
    guard poll(&watched, nfds_t(watched.count), milliseconds) > 0 else { return 0 }
    // The body changes what is watched.
    ready.removeAll(keepingCapacity: true)
    for entry in watched where entry.revents != 0 { ready.append(entry) }
    for entry in ready {
      let events = Int32(entry.revents)
      let isBroken = events & Int32(POLLERR | POLLHUP | POLLNVAL) != 0
      var readiness: Readiness = []
      if isBroken || events & Int32(POLLIN) != 0 { readiness.insert(.read) }
      if isBroken || events & Int32(POLLOUT) != 0 { readiness.insert(.write) }
      body(entry.fd, readiness)
    }
    return ready.count
  }
}
