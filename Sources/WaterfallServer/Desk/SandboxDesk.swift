import WaterfallCore
import WaterfallProviders
import WaterfallReports

/// Where requests are understood, answered, counted and spoilt: everything about a sandbox but the
/// wire. Thread-safe.
final class SandboxDesk: Sendable {
  private let seed: UInt64
  private let desks: [String: ProviderDesk]
  private let faults: FaultDesk

  init(_ dialects: [ProviderDialect], _ options: SandboxOptions) {
    seed = options.seed
    let faults = FaultDesk(options.faults)
    self.faults = faults
    desks = Dictionary(
      dialects.map { ($0.id.rawValue, ProviderDesk($0, options, faults)) },
      uniquingKeysWith: { $1 })
  }

  func answer(_ request: SandboxRequest) -> Delivery {
    let path = request.path.utf8.dropFirst()
    let end = path.firstIndex(of: UInt8(ascii: "/")) ?? path.endIndex
    let name = String(Substring(path[..<end]))
    if name == "_sandbox" { return ownAnswer(request) }
    guard let desk = desks[name] else {
      // 404 would be a miss to many a manifest, and nobody would learn of the wrong address.
      return .complaint(
        400, "there is no provider “\(name)” here; GET /_sandbox names those that are")
    }
    var inner = request
    inner.path = String(request.path[end...])
    return desk.answer(inner)
  }

  // MARK: About itself

  private func ownAnswer(_ request: SandboxRequest) -> Delivery {
    switch (request.method, request.path) {
    case ("GET", "/_sandbox"): return .document(description)
    case ("GET", "/_sandbox/ledger"):
      return .document(ledger(withKeys: request.query == "keys=1"))
    case ("DELETE", "/_sandbox/ledger"):
      // Jobs stay.
      for desk in desks.values { desk.page.forget() }
      faults.forget()
      return Delivery(HTTPResponse(status: 204))
    default:
      return .complaint(
        400, "there is GET /_sandbox, GET /_sandbox/ledger, and DELETE /_sandbox/ledger")
    }
  }

  private var sorted: [ProviderDesk] { desks.sorted { $0.key < $1.key }.map(\.value) }

  private var description: JSONValue {
    .object([
      "schema": "waterfall.sandbox/1",
      "seed": .unsigned(seed),
      "providers": .array(
        sorted.map { desk in
          .object([
            "provider": .string(desk.dialect.id.rawValue),
            "path": .string("/" + desk.dialect.id.rawValue),
            "operations": .array(desk.dialect.operations.map { .string($0.name) }),
          ])
        }),
    ])
  }

  private func ledger(withKeys: Bool) -> JSONValue {
    .object([
      "schema": "waterfall.sandbox-ledger/1",
      "providers": .array(sorted.compactMap { $0.page.document($0.dialect.id, withKeys) }),
    ])
  }
}

extension Delivery {
  static func complaint(_ status: Int, _ words: String) -> Delivery {
    Delivery(
      HTTPResponse(
        status: status,
        headers: [
          HTTPHeader("content-type", "text/plain; charset=utf-8"),
          HTTPHeader(SandboxHeader.complaint, "yes"),
        ],
        body: Array("sandbox: \(words)\n".utf8)))
  }

  fileprivate static func document(_ document: JSONValue) -> Delivery {
    Delivery(
      HTTPResponse(
        status: 200, headers: [HTTPHeader("content-type", "application/json")],
        body: Array((document.text() + "\n").utf8)))
  }
}
