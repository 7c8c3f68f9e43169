import CCurl

/// libcurl's multi handle: the transfers that run, their sockets, and the connections that are
/// kept. Does its work when it is told that a socket is ready or that its time has come.
final class TransferSet {
  private struct Socket {
    /// What libcurl waits for, and what the poller watches.
    var wanted: Readiness = []
    var watched: Readiness = []
    /// Opened by `openSocket`, so that `closeSocket` will tell of its end.
    var isOurs = false
  }

  private let multi: UnsafeMutableRawPointer
  private let poller: any Poller
  private var sockets = [Socket](repeating: Socket(), count: 64)
  /// When libcurl wants to be called, with or without a socket; nil: never.
  private(set) var deadline: Int64?

  init(_ poller: any Poller, mostConnections: Int) {
    guard let multi = curl_multi_init() else { fatalError("no memory for connections") }
    self.multi = multi
    self.poller = poller
    let context = Unmanaged.passUnretained(self).toOpaque()
    ccurl_multi_set_long(multi, CURLMOPT_PIPELINING, Int(CURLPIPE_MULTIPLEX))
    ccurl_multi_set_long(multi, CURLMOPT_MAXCONNECTS, mostConnections)
    ccurl_multi_set_pointer(multi, CURLMOPT_SOCKETDATA, context)
    ccurl_multi_set_pointer(multi, CURLMOPT_TIMERDATA, context)
    ccurl_multi_on_socket(multi) { _, socket, what, context, _ in
      TransferSet.at(context)?.want(socket, what)
      return 0
    }
    ccurl_multi_on_timer(multi) { _, milliseconds, context in
      TransferSet.at(context)?.wake(after: milliseconds)
      return 0
    }
  }

  deinit { curl_multi_cleanup(multi) }

  /// The context of `openSocket` and `closeSocket`.
  var socketContext: UnsafeMutableRawPointer { Unmanaged.passUnretained(self).toOpaque() }

  // MARK: Transfers

  func add(_ transfer: Transfer) { curl_multi_add_handle(multi, transfer.easy.pointer) }

  /// Takes a transfer out; one that runs is broken off.
  func remove(_ transfer: Transfer) { curl_multi_remove_handle(multi, transfer.easy.pointer) }

  /// Does what a ready socket allows.
  func act(on socket: Int32, _ readiness: Readiness) {
    let index = Int(socket)
    guard index < sockets.count else { return }
    let wanted = sockets[index].wanted
    guard !wanted.isEmpty else {
      // A kept connection that nobody uses was closed by the server, or has something to say.
      unwatch(index)
      return
    }
    var running: Int32 = 0
    let events = Int32(readiness.intersection(wanted).rawValue)
    curl_multi_socket_action(multi, socket, events, &running)
  }

  /// Does what is due, and starts what was added.
  func actIfDue(now: Int64) {
    guard let due = deadline, due <= now else { return }
    deadline = nil
    var running: Int32 = 0
    curl_multi_socket_action(multi, CURL_SOCKET_TIMEOUT, 0, &running)
  }

  /// The next transfer that has ended.
  func popEnded() -> (Transfer, CURLcode)? {
    var left: Int32 = 0
    while let message = curl_multi_info_read(multi, &left) {
      guard message.pointee.msg == CURLMSG_DONE, let easy = message.pointee.easy_handle,
        let context = ccurl_get_pointer(easy, CURLINFO_PRIVATE)
      else { continue }
      let transfer = Unmanaged<Transfer>.fromOpaque(context).takeUnretainedValue()
      return (transfer, message.pointee.data.result)
    }
    return nil
  }

  // MARK: Called by libcurl

  fileprivate static func at(_ context: UnsafeMutableRawPointer?) -> TransferSet? {
    context.map { Unmanaged<TransferSet>.fromOpaque($0).takeUnretainedValue() }
  }

  private func wake(after milliseconds: Int) {
    switch milliseconds {
    case ..<0: deadline = nil
    case 0: deadline = 0
    default: deadline = MonotonicClock.now() + Int64(milliseconds) * 1_000_000
    }
  }

  private func want(_ socket: Int32, _ what: Int32) {
    let index = Int(socket)
    grow(to: index)
    let wanted = what == CURL_POLL_REMOVE ? [] : Readiness(rawValue: UInt8(what & 3))
    sockets[index].wanted = wanted
    let watched = sockets[index].watched
    if wanted.isEmpty {
      // Between two requests a kept connection stays with the poller, which saves two calls to the
      // system for each exchange.
      if !sockets[index].isOurs || watched != .read { unwatch(index) }
    } else if watched != wanted {
      poller.watch(socket, for: wanted, isNew: watched.isEmpty)
      sockets[index].watched = wanted
    }
  }

  private func unwatch(_ index: Int) {
    guard !sockets[index].watched.isEmpty else { return }
    poller.forget(Int32(index))
    sockets[index].watched = []
  }

  private func grow(to index: Int) {
    guard index >= sockets.count else { return }
    sockets += [Socket](repeating: Socket(), count: index + 1)
  }

  fileprivate func opened(_ socket: Int32) {
    grow(to: Int(socket))
    sockets[Int(socket)] = Socket(isOurs: true)
  }

  fileprivate func closing(_ socket: Int32) {
    guard Int(socket) < sockets.count else { return }
    unwatch(Int(socket))
    sockets[Int(socket)] = Socket()
  }
}

/// Opens a socket that no child process inherits.
let openSocket: curl_opensocket_callback = { context, _, address in
  guard let address else { return CURL_SOCKET_BAD }
  let socket = openInternetSocket(
    address.pointee.family, address.pointee.socktype, address.pointee.`protocol`)
  if socket >= 0 { TransferSet.at(context)?.opened(socket) }
  return socket
}

let closeSocket: curl_closesocket_callback = { context, socket in
  TransferSet.at(context)?.closing(socket)
  return closeDescriptor(socket)
}
