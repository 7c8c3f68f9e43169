import WaterfallCore
import Yams

/// One node of a YAML document, with the place and the path that its errors name.
///
/// Reading is strict: whoever reads says what may stand here, and anything else is a `UserError`
/// at its line and column. Scalars are read from their text, never through a number type.
struct YAMLValue {
  let node: Node
  /// The name of the file, as messages give it.
  let file: String
  /// The keys that lead here, such as `finds.work_email.price`; empty for the whole document.
  let path: String
  /// Where a node made by nobody's hand is reported.
  private let fallback: String
  /// Whether the document holds keys: then messages repeat nothing of what is written in it.
  let isSecret: Bool

  /// The largest text read; a manifest is a page or two.
  static let largestText = 1 << 20

  /// Parses a text that holds one document.
  ///
  /// - Parameter example: What a file has to say at least, to tell the author of an empty one.
  init(
    parsing text: String, file: String, example: String, isSecret: Bool = false
  ) throws(UserError) {
    guard text.utf8.count <= Self.largestText else {
      throw UserError(
        .input, "the file is larger than 1 MiB, which no YAML file of this tool is", place: file)
    }
    do {
      guard let root = try Parser(yaml: text, encoding: .utf8).singleRoot() else {
        throw UserError(
          .input, "the file is empty", place: "\(file):1:1",
          remedy: "Write at least \(example)")
      }
      self.init(node: root, file: file, path: "", fallback: "1:1", isSecret: isSecret)
    } catch let error as UserError {
      throw error
    } catch {
      throw Self.words(for: error, file: file, isSecret: isSecret)
    }
  }

  private init(node: Node, file: String, path: String, fallback: String, isSecret: Bool) {
    self.node = node
    self.file = file
    self.path = path
    self.fallback = fallback
    self.isSecret = isSecret
  }

  /// `file:line:column` of this node.
  var place: String { "\(file):\(mark)" }

  private var mark: String { node.mark.map(\.description) ?? fallback }

  var isScalar: Bool {
    if case .scalar = node { true } else { false }
  }

  /// How a message names this node.
  var title: String { path.isEmpty ? "the document" : path }

  func child(_ node: Node, path: String) -> YAMLValue {
    YAMLValue(node: node, file: file, path: path, fallback: mark, isSecret: isSecret)
  }

  func error(_ message: String, remedy: String? = nil) -> UserError {
    UserError(.input, message, place: place, remedy: remedy)
  }

  /// Says what stands here, for “is X, not Y”.
  var shape: String {
    switch node {
    case .mapping: "a mapping"
    case .sequence: "a list"
    case .scalar(let scalar): isNull(scalar) ? "empty" : isSecret ? "a text" : "“\(scalar.string)”"
    case .alias: "an alias"
    }
  }

  func isNull(_ scalar: Node.Scalar) -> Bool {
    (scalar.style == .plain || scalar.style == .any)
      && ["", "~", "null", "Null", "NULL"].contains(scalar.string)
  }

  private static func words(for error: any Error, file: String, isSecret: Bool) -> UserError {
    switch error as? YamlError {
    case .scanner(_, let problem, let mark, _), .parser(_, let problem, let mark, _),
      .composer(_, let problem, let mark, _):
      UserError(
        .input, "this is not YAML: \(problem)", place: "\(file):\(mark)",
        remedy: "Look there, and at the line before, for a bracket or quote that is not closed, "
          + "and for the indentation")
    case .duplicatedKeysInMapping(let keys, let context):
      UserError(
        .input,
        "\(isSecret ? "a key" : "the key “\(keys.first ?? "")”") appears more than once in the same "
          + "mapping",
        place: "\(file):\(context.mark)", remedy: "Keep one of them")
    case .reader(let problem, let offset, _, _):
      UserError(
        .input, "this is not text: \(problem)" + (offset.map { " at byte \($0)" } ?? ""),
        place: file, remedy: "Save the file as UTF-8 without control characters")
    default: UserError(.input, "the file cannot be read as YAML", place: file)
    }
  }
}
