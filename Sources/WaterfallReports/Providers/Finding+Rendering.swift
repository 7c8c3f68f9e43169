import WaterfallCore

extension Finding {
  /// A line for a terminal.
  var line: String { VisibleText.of(description) }

  var json: JSONValue {
    let position = position
    return .object([
      "severity": .string(severity.rawValue),
      "check": .string(check),
      "message": .string(message),
      "file": .optional(position?.file) { .string($0) },
      "line": .optional(position?.line) { .integer(Int64($0)) },
      "column": .optional(position?.column) { .integer(Int64($0)) },
      "remedy": .optional(remedy) { .string($0) },
    ])
  }
}

extension [Finding] {
  /// `1 error and 2 warnings`, or what there is of them; nil where there is nothing.
  var summary: String? {
    let errors = count { $0.severity == .error }
    let parts = [
      errors == 0 ? nil : Phrases.count(Int64(errors), "error"),
      errors == count ? nil : Phrases.count(Int64(count - errors), "warning"),
    ].compactMap { $0 }
    return parts.isEmpty ? nil : parts.joined(separator: " and ")
  }
}
