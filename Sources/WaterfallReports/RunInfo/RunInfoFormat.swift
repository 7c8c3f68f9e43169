public import WaterfallCore

/// One way to write down what a run spent and found.
///
/// A format is a pure function: the same run info gives the same text. The text ends with a
/// newline. Complexity: O(columns × providers).
public protocol RunInfoFormat: Sendable {
  /// The name that `--format` takes.
  var name: String { get }

  func text(of info: RunInfo) -> String
}

/// The formats by name.
public enum RunInfoFormats {
  public static let all: [any RunInfoFormat] = [TextRunInfo(), JSONRunInfo()]

  /// The format called `name`. Throws `UserError` with a suggestion for a name that none has.
  public static func named(_ name: String) throws(UserError) -> any RunInfoFormat {
    if let format = all.first(where: { $0.name == name }) { return format }
    let names = all.map(\.name)
    throw UserError(
      .usage, "--format \(VisibleText.of(name)) is not a format of run info",
      remedy: Suggestion.sentence(for: name, among: names)
        ?? "Choose one of \(names.joined(separator: ", ")).")
  }
}
