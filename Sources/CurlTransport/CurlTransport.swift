public import WaterfallProviders

/// HTTP over libcurl: one thread of its own, which sleeps while nothing happens, with an event loop
/// over all connections.
///
/// Connections are kept and used again, and shared by many exchanges at once where a server speaks
/// HTTP/2. What exceeds the limits of `Options` waits, and is started in the order in which it was
/// sent; an exchange's time limits begin when it is started.
///
/// A request is given to a connection once. libcurl would repeat one whose connection broke before
/// an answer began; here it may do so only where provably nothing was sent or looked at, so that a
/// failure of another kind than `notConnected` is never a request that was made twice.
public final class CurlTransport: HTTPTransport {
  private let mailbox: Mailbox
  private let thread: LoopThread

  /// Starts the thread. Throws `UserError` for a proxy that is none, for a file of certificates
  /// that cannot be read, and where the system has no room for a thread or a pipe.
  public convenience init(_ options: Options = Options()) throws {
    try self.init(options, poller: makeSystemPoller())
  }

  init(_ options: Options, poller: sending any Poller) throws {
    try options.check()
    LibCurl.start()
    let pipe = try WakePipe()
    let mailbox = Mailbox(pipe: pipe)
    let loop = TransferLoop(options, mailbox: mailbox, pipe: pipe, poller: poller)
    self.mailbox = mailbox
    thread = try LoopThread { loop.run() }
  }

  deinit { close() }

  /// Cancels all exchanges, forgets all timers, and waits until the thread has ended. An exchange
  /// that is sent afterwards is cancelled at once, on the caller's thread. From a completion or a
  /// timer, the thread ends after it instead of being waited for.
  public func close() {
    mailbox.close()
    thread.join()
  }

  @discardableResult
  public func send(
    _ request: HTTPRequest,
    completion: @escaping @Sendable (Result<HTTPResponse, HTTPFailure>) -> Void
  ) -> HTTPExchangeID {
    let (id, isTaken) = mailbox.post(request, completion)
    if !isTaken { completion(.failure(HTTPFailure(.cancelled, "cancelled"))) }
    return id
  }

  public func cancel(_ exchange: HTTPExchangeID) { mailbox.post(.cancel(exchange)) }

  public func schedule(after delay: Duration, _ work: @escaping @Sendable () -> Void) {
    mailbox.post(.schedule(deadline: MonotonicClock.now() + delay.nanoseconds, work: work))
  }
}
