import CCurl
import WaterfallProviders

/// The work of the transport's thread: letters in, transfers on, completions out.
///
/// Made on another thread, and from then on touched by its own alone.
final class TransferLoop {
  /// In a row, before lateness is judged: a server that never stops sending does not hold that up.
  private static let mostLooks = 256

  private let mailbox: Mailbox
  private let pipe: WakePipe
  private let poller: any Poller
  private let options: CurlTransport.Options
  private let proxies: (http: Breakdown.Proxy?, https: Breakdown.Proxy?)

  private let transfers: TransferSet
  private let setup: TransferSetup
  private var idle: [Transfer] = []
  private var queue: RequestQueue
  private var alarms = Alarms()
  /// All that have not ended, for those who cancel.
  private var exchanges: [HTTPExchangeID: Exchange] = [:]

  private var letters: [Mailbox.Letter] = []
  private var outcomes: [(Exchange, Result<HTTPResponse, HTTPFailure>)] = []
  private var delivered: [(Exchange, Result<HTTPResponse, HTTPFailure>)] = []

  init(
    _ options: CurlTransport.Options, mailbox: Mailbox, pipe: WakePipe, poller: any Poller
  ) {
    self.options = options
    self.mailbox = mailbox
    self.pipe = pipe
    self.poller = poller
    proxies = (
      Breakdown.Proxy(options.proxies.http, options.proxies.httpVariable),
      Breakdown.Proxy(options.proxies.https, options.proxies.httpsVariable)
    )
    transfers = TransferSet(poller, mostConnections: 2 * options.mostInFlight)
    setup = TransferSetup(options, sockets: transfers.socketContext)
    queue = RequestQueue(mostRunning: options.mostInFlight, mostPerHost: options.mostPerHost)
    poller.watch(pipe.reader, for: .read, isNew: true)
  }

  func run() {
    while !takeLetters() {
      startWaiting()
      runAlarms()
      transfers.actIfDue(now: MonotonicClock.now())
      takeEnded()
      // What ended has left a slot for what waits in the queue.
      let isBusy = deliver()
      wait(sleeps: !isBusy)
      takeEnded()
      deliver()
    }
    cancelAll()
  }

  // MARK: Letters

  /// True when the mailbox is closed.
  private func takeLetters() -> Bool {
    let isClosed = mailbox.take(into: &letters)
    for letter in letters {
      switch letter {
      case .send(let exchange): take(exchange)
      case .cancel(let id): if let exchange = exchanges[id] { cancel(exchange) }
      case .schedule(let deadline, let work): alarms.add(at: deadline, .work(work))
      }
    }
    letters.removeAll(keepingCapacity: true)
    return isClosed
  }

  private func take(_ exchange: Exchange) {
    do {
      let origin = try RequestCheck.origin(of: exchange.request)
      exchanges[exchange.id] = exchange
      queue.add(exchange, origin)
    } catch {
      end(exchange, .failure(error))
    }
  }

  private func cancel(_ exchange: Exchange) {
    switch exchange.place {
    case .running(let transfer):
      transfers.remove(transfer)
      fail(transfer, (.cancelled, "cancelled"))
    case .waiting: end(exchange, .failure(HTTPFailure(.cancelled, "cancelled")))
    case .ended: break
    }
  }

  /// The way out: everything that has not ended is cancelled, in the order in which it was sent.
  private func cancelAll() {
    for exchange in exchanges.values.sorted(by: { $0.id.number < $1.id.number }) {
      cancel(exchange)
    }
    deliver()
  }

  // MARK: Transfers

  private func startWaiting() {
    while let (exchange, host) = queue.next() {
      let transfer = idle.popLast() ?? Transfer(setup)
      exchange.place = .running(transfer)
      transfer.begin(exchange, host, now: MonotonicClock.now())
      transfers.add(transfer)
      setAlarm(transfer)
    }
  }

  private func takeEnded() {
    while let (transfer, code) = transfers.popEnded() {
      transfers.remove(transfer)
      guard let request = transfer.exchange?.request else { continue }
      // An answer that ends within its head is fine with libcurl.
      guard code == CURLE_OK, transfer.head.isComplete else {
        let code = code == CURLE_OK ? CURLE_PARTIAL_FILE : code
        fail(transfer, breakdown(of: transfer, code).verdict)
        continue
      }
      let headers = transfer.head.headers()
      switch Redirect.of(
        transfer.head.status, headers, from: transfer.url, request, after: transfer.redirects)
      {
      case .follow(let url, let isSecure, let keepsHeaders):
        transfer.follow(to: url, isSecure: isSecure, keepsHeaders: keepsHeaders)
        transfers.add(transfer)
        setAlarm(transfer)
      case .refuse(let words): fail(transfer, (.redirect, words))
      case nil:
        let response = HTTPResponse(
          status: transfer.head.status, headers: headers, body: transfer.takeBody(),
          latency: transfer.latency())
        end(transfer, .success(response))
      }
    }
  }

  private func fail(_ transfer: Transfer, _ verdict: (kind: HTTPFailure.Kind, words: String)) {
    let failure = HTTPFailure(verdict.kind, verdict.words, latency: transfer.latency())
    end(transfer, .failure(failure))
  }

  /// Gives the slot and the handle back; libcurl is done with the transfer.
  private func end(_ transfer: Transfer, _ result: Result<HTTPResponse, HTTPFailure>) {
    guard let (exchange, host) = transfer.end(result) else { return }
    queue.ended(host)
    idle.append(transfer)
    end(exchange, result)
  }

  private func end(_ exchange: Exchange, _ result: Result<HTTPResponse, HTTPFailure>) {
    exchange.place = .ended
    exchanges.removeValue(forKey: exchange.id)
    outcomes.append((exchange, result))
  }

  /// Completions are called here alone, when everything else is in order: what they send or cancel
  /// goes through the mailbox. True if there were any.
  @discardableResult
  private func deliver() -> Bool {
    guard !outcomes.isEmpty else { return false }
    swap(&outcomes, &delivered)
    for (exchange, result) in delivered { exchange.completion(result) }
    delivered.removeAll(keepingCapacity: true)
    return true
  }

  private func breakdown(of transfer: Transfer, _ code: CURLcode) -> Breakdown {
    let origin = transfer.origin
    let proxy = origin?.isSecure == true ? proxies.https : proxies.http
    return Breakdown(
      code: code, stop: transfer.stop, hasConnected: transfer.hasConnected,
      systemError: transfer.systemError, detail: String(cString: transfer.detail),
      host: origin?.name ?? "", proxy: origin?.isLoopback == true ? nil : proxy,
      mostBytes: transfer.exchange?.request.mostBytes ?? 0,
      timeouts: transfer.exchange?.request.timeouts ?? HTTPTimeouts())
  }

  // MARK: Time

  private func runAlarms() {
    let now = MonotonicClock.now()
    var suspects: [Transfer] = []
    while let (deadline, task) = alarms.popDue(now: now) {
      switch task {
      case .work(let work): work()
      case .look(let transfer):
        // An alarm that was set before an earlier one means nothing any more.
        guard transfer.alarm == deadline else { continue }
        transfer.alarm = .max
        suspects.append(transfer)
      }
    }
    guard !suspects.isEmpty else { return }
    if suspects.contains(where: { $0.lateness(now: now) != nil }) { takeWhatIsThere() }
    for transfer in suspects { look(transfer, now: now) }
  }

  /// Before anybody is called late: after a stall of this process, such as a stop by a signal, the
  /// answers may long have been there.
  private func takeWhatIsThere() {
    for _ in 0..<Self.mostLooks {
      guard lookAtSockets(milliseconds: 0) > 0 else { break }
    }
    takeEnded()
  }

  /// A transfer has one alarm, which stays when its exchange ends before: most do, and the next
  /// exchange will want one a little later anyway.
  private func setAlarm(_ transfer: Transfer) {
    let deadline = transfer.deadline
    guard deadline < transfer.alarm else { return }
    transfer.alarm = deadline
    alarms.add(at: deadline, .look(transfer))
  }

  private func look(_ transfer: Transfer, now: Int64) {
    guard transfer.exchange != nil else { return }
    guard let verdict = transfer.lateness(now: now) else { return setAlarm(transfer) }
    transfers.remove(transfer)
    fail(transfer, verdict)
  }

  /// Looks at the sockets; where it may sleep, until something happens: a socket, a letter, or a
  /// point in time.
  private func wait(sleeps: Bool) {
    let now = MonotonicClock.now()
    let next = min(alarms.next ?? .max, transfers.deadline ?? .max)
    var milliseconds: Int32 = 0
    if sleeps, next > now, mailbox.fallAsleep() {
      // Rounded up: a wait that ends too early would only be followed by another.
      milliseconds =
        next == .max ? -1 : Int32(clamping: (next - now + 999_999) / 1_000_000)
    }
    lookAtSockets(milliseconds: milliseconds)
  }

  @discardableResult
  private func lookAtSockets(milliseconds: Int32) -> Int {
    poller.wait(milliseconds: milliseconds) { [pipe, transfers] descriptor, readiness in
      if descriptor == pipe.reader {
        pipe.drain()
      } else {
        transfers.act(on: descriptor, readiness)
      }
    }
  }
}
