import WaterfallCore
import Yams

extension YAMLValue {
  // MARK: Rules

  func rules() throws(UserError) -> [ResponseRule] {
    var rules: [ResponseRule] = []
    for item in try items() {
      let keys = try item.mapping(of: HTTPKeys.rule)
      let rule = ResponseRule(
        statuses: try keys.optional("status") { value throws(UserError) in
          try value.statuses()
        },
        condition: try keys.optional("when") { value throws(UserError) in try value.jq() },
        meaning: try keys.required("is").word("class of responses"))
      guard rule.statuses != nil || rule.condition != nil else {
        throw item.error(
          "\(item.title) fits every response", remedy: "Add “status” or “when”")
      }
      rules.append(rule)
    }
    return rules
  }

  private func statuses() throws(UserError) -> [StatusPattern] {
    guard !isScalar else { return [try status()] }
    var patterns: [StatusPattern] = []
    for item in try items() { patterns.append(try item.status()) }
    return patterns
  }

  private func status() throws(UserError) -> StatusPattern {
    let text = try text()
    if text.hasSuffix("xx"), let digit = Int(text.dropLast(2)), (1...5).contains(digit) {
      return .hundreds(digit)
    }
    guard let status = Int(text), (100...599).contains(status) else {
      throw error("“\(text)” is no status", remedy: "Write 404, or 5xx for a whole class")
    }
    return .exactly(status)
  }

  func verdictMap() throws(UserError) -> VerdictMap {
    let words = VerdictWord.allCases.map(\.rawValue)
    let keys = try mapping(of: HTTPKeys.verdictExtras + words)
    var map: [String: VerdictWord] = [:]
    for verdict in VerdictWord.allCases {
      guard let list = keys[verdict.rawValue] else { continue }
      for item in try list.items() {
        let word = try item.plainText()
        guard map.updateValue(verdict, forKey: word) == nil else {
          throw item.error("“\(word)” stands for two verdicts", remedy: "Keep one of them")
        }
      }
    }
    return VerdictMap(
      of: try keys.required("of").jq(), words: map,
      otherwise: try keys.optional("otherwise") { value throws(UserError) in
        try value.word("verdict")
      })
  }

  /// A jq program that reaches for nothing outside. Whether it compiles is found out when the
  /// provider is to be asked, and by `lint`: compiling takes libjq some 30 ms.
  func jq() throws(UserError) -> String {
    let text = try text()
    if let problem = JQGuard.problem(in: text) {
      throw error(problem.message, remedy: problem.remedy)
    }
    return text
  }

  // MARK: Templates

  /// A scalar that may be empty.
  func plainText() throws(UserError) -> String {
    guard case .scalar(let scalar) = node else {
      throw error("\(title) is \(shape), not a text")
    }
    return isNull(scalar) ? "" : scalar.string
  }

  func template(
    knowing known: Set<String>, mayBeEmpty: Bool = false
  ) throws(UserError) -> Template {
    let text = mayBeEmpty ? try plainText() : try text()
    let template: Template
    do { template = try Template(parsing: text) } catch {
      throw self.error(error.message, remedy: error.remedy)
    }
    for name in template.names where !known.contains(name) {
      throw error(
        "\(title) uses “{\(name)}”, which is not defined here",
        remedy: Suggestion.sentence(for: name, among: known.sorted())
          ?? (known.isEmpty ? nil : "Here are \(known.sorted().joined(separator: ", "))"))
    }
    return template
  }

  func parameters(knowing known: Set<String>) throws(UserError) -> [RequestTemplate.Parameter] {
    var parameters: [RequestTemplate.Parameter] = []
    for entry in try mapping().entries {
      parameters.append(
        RequestTemplate.Parameter(
          name: entry.name,
          value: try entry.value.template(knowing: known, mayBeEmpty: true)))
    }
    return parameters
  }

  func headerName() throws(UserError) -> String {
    let text = try text()
    let isToken = text.utf8.allSatisfy { byte in
      byte > 0x20 && byte < 0x7F && !"()<>@,;:\\\"/[]?={}".utf8.contains(byte)
    }
    guard isToken else { throw error("“\(text)” is no name of a header") }
    return text
  }

  func headerTemplates(knowing known: Set<String>) throws(UserError) -> [HeaderTemplate] {
    var headers: [HeaderTemplate] = []
    for entry in try mapping().entries {
      headers.append(
        HeaderTemplate(
          name: try entry.key.headerName(), value: try entry.value.template(knowing: known)))
    }
    return headers
  }

  func jsonTemplate(knowing known: Set<String>) throws(UserError) -> JSONTemplate {
    switch node {
    case .mapping:
      var members: [JSONTemplate.Member] = []
      for entry in try mapping().entries {
        members.append(
          JSONTemplate.Member(
            name: entry.name, value: try entry.value.jsonTemplate(knowing: known)))
      }
      return .object(members)
    case .sequence:
      var list: [JSONTemplate] = []
      for item in try items() { list.append(try item.jsonTemplate(knowing: known)) }
      return .list(list)
    case .scalar(let scalar):
      if let literal = jsonLiteral(scalar) { return .literal(literal) }
      return .string(try template(knowing: known, mayBeEmpty: true))
    case .alias: throw error("\(title) is an alias, which is not read here")
    }
  }

  /// Numbers, booleans and null that stand without quotes.
  private func jsonLiteral(_ scalar: Node.Scalar) -> String? {
    guard scalar.style == .plain || scalar.style == .any else { return nil }
    if isNull(scalar) { return "null" }
    if ["true", "false"].contains(scalar.string) { return scalar.string }
    return Self.isJSONNumber(scalar.string) ? scalar.string : nil
  }

  /// RFC 8259's grammar of numbers, but for exponents.
  private static func isJSONNumber(_ text: String) -> Bool {
    var rest = Substring(text)
    if rest.hasPrefix("-") { rest.removeFirst() }
    let parts = rest.split(separator: ".", omittingEmptySubsequences: false)
    guard parts.count <= 2, let whole = parts.first, !whole.isEmpty,
      whole == "0" || !whole.hasPrefix("0")
    else { return false }
    return parts.allSatisfy { !$0.isEmpty && $0.utf8.allSatisfy { (0x30...0x39).contains($0) } }
  }
}
