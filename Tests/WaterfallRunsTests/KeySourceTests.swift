import Testing
import WaterfallCore
import WaterfallProviders

@testable import WaterfallRuns

/// Whose key a step is planned with: only with an own one it costs nothing.
@Suite struct KeySourceTests {
  private static func manifest(_ id: String, _ section: String) -> NamedText {
    NamedText(
      name: "\(id).yaml",
      text: """
        id: \(id)
        name: \(id)
        finds:
          work_email: {inputs: [[domain]], price: 2, refunds_invalid: false}
        \(section)
        """)
  }

  private static func http(_ auth: String) -> String {
    """
    http:
      base: https://api.example
      \(auth)
      finds:
        work_email: {request: {path: /find, query: {domain: "{domain}"}}, value: .email}
    """
  }

  /// The source that a step gets, with keys of these kinds there for everybody.
  private static func source(
    _ provider: String, _ there: KeySource?, asked: KeySource? = nil, isSimulated: Bool = false
  ) throws -> KeySource? {
    let catalog = try ProviderCatalog(manifests: [
      manifest("keyless", http("")), manifest("needs", http("auth: {header: X-Key}")),
      manifest("may", http("auth: {header: X-Key, optional: true}")),
      manifest("program", "command: {run: [./it]}"),
      manifest("secretive", "command: {run: [./it], key: IT_KEY}"),
      NamedText(
        name: "table.yaml",
        text: "id: table\nname: Table\nlookup:\n  file: a.csv\n  keys: {domain: D}\n"
          + "  values: {work_email: E}\n"),
    ])
    var step = StepRequest(provider: provider, place: "waterfall.yaml:4:7")
    step.key = asked
    var column = ColumnRequest(field: .workEmail, place: "waterfall.yaml:3:5")
    column.steps = [step]
    var request = Configuration()
    request.columns = [column]
    let plan = try RunPlanner(catalog: catalog) { _ in there }.plan(
      request, isSimulated: isSimulated,
      sheet: RunPlan.Sheet(path: "-", delimiter: 44), output: "-", directory: "/")
    return plan.columns[0].steps[0].keySource
  }

  @Test func whoTakesNoKeyIsNeverAskedWithAnOwnOne() throws {
    for provider in ["keyless", "program", "table"] {
      #expect(try Self.source(provider, .own) == .managed, "\(provider)")
      let error = #expect(throws: UserError.self) {
        try Self.source(provider, .own, asked: .own)
      }
      #expect(
        error?.description
          == "waterfall.yaml:4:7: \(provider) takes no key, so there is no own one to ask it with. "
          + "Leave out “key”: it is asked at its price.")
    }
    for provider in ["needs", "may", "secretive"] {
      #expect(try Self.source(provider, .own) == .own, "\(provider)")
    }
  }

  @Test func anOwnKeyThatIsNotThereIsMissed() throws {
    for (provider, there) in [("may", nil), ("may", .managed), ("needs", .managed)]
      as [(String, KeySource?)]
    {
      let error = #expect(throws: UserError.self) {
        try Self.source(provider, there, asked: .own)
      }
      #expect(
        error?.description
          == "waterfall.yaml:4:7: there is no own key of \(provider). Set it: waterfall keys set "
          + "\(provider), or export WATERFALL_KEY_\(provider.uppercased())=…. Nothing was charged.")
    }
    #expect(try Self.source("may", nil) == .managed)
  }
}
