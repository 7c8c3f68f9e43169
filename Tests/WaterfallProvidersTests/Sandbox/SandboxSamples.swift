import TestSupport
import Testing
import WaterfallCore

@testable import WaterfallProviders

/// Dialects to try: those of the tests, and every bundled provider that a sandbox serves.
struct SampleDialect: CustomTestStringConvertible {
  let manifest: Manifest
  let fixtures: Fixtures

  var testDescription: String { manifest.file }

  var dialect: ProviderDialect {
    get throws { try ProviderDialect(manifest, fixtures: fixtures) }
  }

  var section: HTTPSection { manifest.http! }

  static let all: [SampleDialect] = {
    do { return try own() + bundled() } catch { fatalError("\(error)") }
  }()

  static func named(_ name: String) throws -> SampleDialect {
    SampleDialect(
      manifest: try Manifest(parsing: Dialects.manifest(name), file: "\(name).yaml"),
      fixtures: try Fixtures(parsing: Dialects.fixtures(name), file: "fixtures/\(name).yaml"))
  }

  private static func own() throws -> [SampleDialect] { try Dialects.names.map(named) }

  private static func bundled() throws -> [SampleDialect] {
    try ProviderCatalog.bundled().all.compactMap { manifest in
      guard manifest.http != nil, manifest.simulation != nil,
        let fixtures = try ProviderCatalog.bundledFixtures(of: manifest.id)
      else { return nil }
      return SampleDialect(manifest: manifest, fixtures: fixtures)
    }
  }

  /// What can be asked, with each input set of finders; verifiers know the whole row.
  var questions: [(operation: SandboxOperation, inputs: [InputName])] {
    get throws {
      try dialect.operations.flatMap { operation in
        operation.role == .verifier
          ? [(operation, InputName.wellKnown)]
          : (manifest.finds[operation.field]?.inputs ?? []).map { (operation, $0) }
      }
    }
  }

  func builder(base: String = "http://127.0.0.1:1/p", seed: UInt64? = 7) -> RequestBuilder {
    RequestBuilder(
      section: section,
      access: HTTPAccess(transport: NoTransport(), base: base, sandboxSeed: seed) { () in nil },
      id: manifest.id)
  }

  /// A key in its place.
  var credentials: RequestBuilder.Credentials {
    var values = TemplateValues()
    values["key"] = "k:ey &="
    values["key.1"] = "k"
    values["key.2"] = "ey &="
    var credentials = RequestBuilder.Credentials()
    switch section.auth?.place {
    case nil: break
    case .headers(let headers):
      credentials.headers = headers.map { HTTPHeader($0.name, $0.value.render(values)!) }
    case .query(let name): credentials.query = [(name, "k:ey &=")]
    case .basic(let user, let password):
      let pair = "\(user.render(values)!):\(password.render(values)!)"
      credentials.headers = [
        HTTPHeader("Authorization", "Basic " + TextEncoding.base64(pair))
      ]
    case .oauth2:
      credentials.headers = [HTTPHeader("Authorization", "Bearer sandbox-token-1")]
    }
    return credentials
  }
}

/// For requests that are built and not sent.
final class NoTransport: HTTPTransport {
  func send(
    _ request: HTTPRequest,
    completion: @escaping @Sendable (Result<HTTPResponse, HTTPFailure>) -> Void
  ) -> HTTPExchangeID { fatalError("nothing is sent here") }
  func cancel(_ exchange: HTTPExchangeID) {}
  func schedule(after delay: Duration, _ work: @escaping @Sendable () -> Void) {}
}

extension SandboxRequest {
  /// A request as it arrives at a sandbox whose base is `http://127.0.0.1:1/p`.
  init(_ request: HTTPRequest) {
    let target = request.url.dropFirst("http://127.0.0.1:1/p".count)
    let end = target.firstIndex(of: "?") ?? target.endIndex
    self.init(
      method: request.method, path: String(target[..<end]),
      query: String(target[end...].dropFirst()),
      headers: request.headers.map { HTTPHeader($0.name.lowercased(), $0.value) },
      body: request.body ?? [])
  }
}

/// Values with everything in them that encodings trip over.
struct AwkwardValues {
  var random: SplitMix64

  private static let pieces = [
    "a", "B", "7", " ", "  ", "&", "=", "+", "%", "%41", "#", "?", "/", "\\", "\"", "'", "{", "}",
    "{{", ";", ":", ",", "<", ">", "|", "~", "é", "e\u{301}", "ß", "漢", "🙂", "👩‍👩‍👧", "\u{200D}",
    "\u{0}", "\u{1F}", "\n", "\t", "null", ".", "..", "@",
  ]

  mutating func text(_ isForHeaders: Bool) -> String {
    let count = Int.random(in: 1...6, using: &random)
    var text = (0..<count).map { _ in Self.pieces.randomElement(using: &random)! }.joined()
    if isForHeaders {
      // What a field of HTTP cannot carry is no question of dialects.
      text = String(String.UnicodeScalarView(text.unicodeScalars.filter { $0.value >= 0x20 }))
      text = text.split(separator: " ").joined(separator: " ")
    }
    return text.isEmpty ? "x" : text
  }

  mutating func value(_ name: InputName, isForHeaders: Bool) -> String {
    switch name {
    case .linkedinURL:
      "https://www.linkedin.example/in/\(Int.random(in: 1...999, using: &random))-a"
    case .phone: "+44 7700 900\(Int.random(in: 100...999, using: &random))"
    case InputName("value"): "+44 (0)7700 900\(Int.random(in: 100...999, using: &random))"
    default: text(isForHeaders)
    }
  }

  mutating func inputs(_ names: [InputName], isForHeaders: Bool = false) -> Inputs {
    Inputs(names: names, values: names.map { value($0, isForHeaders: isForHeaders) })
  }
}
