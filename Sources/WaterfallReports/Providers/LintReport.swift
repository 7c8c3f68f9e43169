public import WaterfallCore

/// What was found wrong with manifests and their fixtures.
public struct LintReport: Sendable {
  public static let schema = "waterfall.lint/1"

  public struct File: Sendable, Equatable {
    /// The name of the manifest’s file.
    public let name: String
    /// nil where the manifest cannot be read.
    public let provider: ProviderID?
    /// Of the manifest and its fixtures.
    public let findings: [Finding]

    public init(name: String, provider: ProviderID?, findings: [Finding]) {
      self.name = name
      self.provider = provider
      self.findings = findings
    }
  }

  private let files: [File]

  public init(_ files: [File]) { self.files = files }

  private var findings: [Finding] { files.flatMap(\.findings) }

  public var hasErrors: Bool { findings.contains { $0.severity == .error } }

  /// A line for each finding, as compilers write it, and how many there are.
  public var text: String {
    let count = Phrases.count(Int64(files.count), "manifest")
    return Phrases.text(findings.map(\.line) + ["\(count): \(findings.summary ?? "nothing found")"])
  }

  public var json: JSONValue {
    .object([
      "schema": .string(Self.schema),
      "errors": .integer(Int64(findings.count { $0.severity == .error })),
      "warnings": .integer(Int64(findings.count { $0.severity == .warning })),
      "files": .array(
        files.map { file in
          .object([
            "file": .string(file.name),
            "provider": .optional(file.provider) { .string($0.rawValue) },
            "findings": .array(file.findings.map(\.json)),
          ])
        }),
    ])
  }
}
