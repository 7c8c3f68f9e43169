public import WaterfallCore

/// The runs of a workspace, in the order given.
public struct RunList: Sendable {
  public static let schema = "waterfall.runs/1"

  private let runs: [RunRecord]

  public init(_ runs: [RunRecord]) { self.runs = runs }

  /// A table for a terminal of 120 columns; a simulated run says so in its line.
  public var text: String {
    guard !runs.isEmpty else { return "No runs yet.\n" }
    var table = TextTable([
      .init("run", .right), .init("command"), .init("state"), .init("simulated"),
      .init("rows", .right), .init("started"), .init("ended"), .init("sheet", limit: 24),
      .init("columns", limit: 20),
    ])
    for run in runs {
      table.add([
        "\(run.id)", run.command.rawValue, run.state.rawValue, run.isSimulated ? "simulated" : "",
        String(run.rows), run.started.iso8601, run.ended?.iso8601 ?? Phrases.none, Self.name(of: run.sheet),
        run.outline.columns.map(\.name).joined(separator: ", "),
      ])
    }
    return Phrases.text(table.lines())
  }

  /// The last part of a path, which tells sheets apart better than its first.
  private static func name(of path: String) -> String {
    path.split(separator: "/").last.map(String.init) ?? path
  }

  public var json: JSONValue {
    .object([
      "schema": .string(Self.schema),
      "runs": .array(
        runs.map { run in
          guard case .members(let members) = JSONRunInfo.run(run) else { return .null }
          let columns = run.outline.columns.map { JSONValue.string($0.name) }
          return .members(members + [.init("columns", .array(columns))])
        }),
    ])
  }
}
