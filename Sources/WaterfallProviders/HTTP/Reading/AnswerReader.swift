import CJQ
import WaterfallCore

/// What one response says.
enum Reading: Sendable, Equatable {
  case hit(value: String, claim: Verdict?, cost: Credits?, confidence: Double?)
  case miss(cost: Credits?)
  case verdict(Verdict, cost: Credits?)
  /// Not a value, and no “not found” either. The note says what was wrong with it. Ruled is what a
  /// rule of the manifest says; the rest follows from a status or a body alone.
  case failed(FailureReason, note: String, isRuled: Bool = false)
  case pending
  /// The answer will be found under this job.
  case submitted(job: String)
}

extension Reading {
  fileprivate var isMiss: Bool { if case .miss = self { true } else { false } }
}

/// Reads the responses of one kind of exchange, as a manifest says: rules first, then jq.
///
/// All of a manifest's expressions for the exchange are one program, so that a response is parsed
/// and run through once. Thread-safe.
struct AnswerReader: Sendable {
  private let rules: [ResponseRule]
  private let isVerifier: Bool
  /// Whether a job is expected, and “not found” takes a rule.
  private let isSubmission: Bool
  /// Whether the manifest says what a miss looks like.
  private let knowsMisses: Bool
  private let verdicts: VerdictMap?
  private let program: JQProgram
  /// The expressions by place, where all of them are paths; nil elements where there is none.
  private let paths: [JQPath?]?
  private let redaction: Redaction

  /// Where each expression's result stands in the program's output.
  private enum Place: Int, CaseIterable {
    case rules, value, verdict, cost, confidence, job, miss, error
  }

  /// - Parameter job: jq for the job of a submission; nil for every other exchange.
  init(
    _ operation: HTTPOperation, rules: [ResponseRule], job: String? = nil,
    redaction: Redaction = Redaction()
  ) throws(JQProgram.Failure) {
    self.rules = rules
    self.redaction = redaction
    isVerifier = operation.value == nil
    isSubmission = job != nil
    knowsMisses = operation.miss != nil
    verdicts = operation.verdict
    program = try JQProgram(JQProgram.prelude(Self.expression(operation, rules, job)))
    paths = Self.paths(Self.expressions(operation, job))
  }

  /// One expression for everything that is read from one answer.
  static func expression(
    _ operation: HTTPOperation, _ rules: [ResponseRule], _ job: String?
  ) -> String {
    let conditions = rules.compactMap(\.condition).map { "__fits(\(JQProgram.enclosed($0)))" }
    let readings = (expressions(operation, job) + [operation.miss, error]).map {
      $0.map { "__read(\(JQProgram.enclosed($0)))" } ?? "null"
    }
    return "[[\(conditions.joined(separator: ", "))], \(readings.joined(separator: ", "))]"
  }

  /// What an answer is read with, in the order of `Place`.
  private static func expressions(_ operation: HTTPOperation, _ job: String?) -> [String?] {
    [operation.value, operation.verdict?.of, operation.cost, operation.confidence, job]
  }

  private static func paths(_ expressions: [String?]) -> [JQPath?]? {
    let paths = expressions.map { $0.flatMap { JQPath($0) } }
    return zip(expressions, paths).allSatisfy { ($0 == nil) == ($1 == nil) } ? paths : nil
  }

  /// What stands under “error” or “errors” at the top of a body, if it says anything.
  private static let error = """
    if type == "object" then .error // .errors | select(IN(null, "", [], {}, 0) | not) else empty end
    """

  func read(_ response: HTTPResponse, _ values: TemplateValues) -> Reading {
    if let (meaning, isRuled) = meaningByStatus(response.status) {
      return reading(of: meaning, response, isRuled: isRuled)
    }
    guard let body = JQInput.parse(response.body) else {
      return withoutJSON(response)
    }
    if let reading = readingByPaths(body, response.status) {
      jv_free(body)
      return reading
    }
    do {
      guard let output = try program.first(of: Self.input(body, response, values)) else {
        return .failed(.malformed, note: "jq: it has no result")
      }
      return read(output, response.status, response)
    } catch {
      return .failed(.malformed, note: jqNote(error.message))
    }
  }

  /// Reads what the expression yielded.
  ///
  /// - Parameter isWhole: Whether it was read from the whole body, and not from an item of it.
  func read(
    _ output: JSON, _ status: Int, _ response: HTTPResponse, isWhole: Bool = true
  ) -> Reading {
    var condition = 0
    for rule in rules {
      defer { if rule.condition != nil { condition += 1 } }
      guard rule.statuses?.contains(where: { $0.matches(status) }) ?? true else { continue }
      guard rule.condition == nil || output[Place.rules.rawValue]?[condition] == .bool(true) else {
        continue
      }
      guard rule.meaning == .hit else {
        return reading(
          of: rule.meaning, response, isRuled: true, byBody: isWhole && rule.condition != nil)
      }
      return answer(output, response, isRuled: true, isWhole)
    }
    let meaning = Self.usual(status)
    guard meaning == .hit else { return reading(of: meaning, response) }
    return answer(output, response, isRuled: false, isWhole)
  }

  /// The usual case without jq: an answer that no condition is asked about, and that has what it
  /// should. nil for any other.
  private func readingByPaths(_ body: jv, _ status: Int) -> Reading? {
    let rule = rules.first { $0.statuses?.contains { $0.matches(status) } ?? true }
    guard let paths, rule?.condition == nil, rule?.meaning ?? Self.usual(status) == .hit else {
      return nil
    }
    var results: [JSON] = [.list([])]
    for path in paths {
      guard let path else {
        results.append(.null)
        continue
      }
      guard let value = path.value(in: body) else { return nil }
      results.append(.object(["v": value]))
    }
    return content(JSON.list(results)).flatMap { $0.isMiss ? nil : $0 }
  }

  static func input(_ body: jv, _ response: HTTPResponse, _ values: TemplateValues) -> jv {
    var input = jv_object()
    let headers = response.headers.map { (name: $0.name, value: $0.value) }
    input = jv_object_set(input, JQInput.string("status"), jv_number(Double(response.status)))
    input = jv_object_set(input, JQInput.string("headers"), JQInput.object(headers))
    input = jv_object_set(input, JQInput.string("inputs"), JQInput.object(values.all))
    return jv_object_set(input, JQInput.string("body"), body)
  }

  // MARK: Rules

  /// The class of a status whose first rule needs no look at the body; nil where the body decides.
  private func meaningByStatus(_ status: Int) -> (ResponseClass, isRuled: Bool)? {
    for rule in rules where rule.statuses?.contains(where: { $0.matches(status) }) ?? true {
      guard rule.condition == nil else { return nil }
      return rule.meaning == .hit ? nil : (rule.meaning, true)
    }
    let usual = Self.usual(status)
    return usual == .hit ? nil : (usual, false)
  }

  /// What a status means where no rule says otherwise.
  static func usual(_ status: Int) -> ResponseClass {
    switch status {
    case 200..<300: .hit
    case 401, 403: .credentials
    case 402: .quota
    case 408, 500..<600: .unavailable
    case 429: .rateLimited
    default: .refused
    }
  }

  /// A body that is no JSON fits no condition.
  private func withoutJSON(_ response: HTTPResponse) -> Reading {
    let fitting = rules.first { rule in
      rule.condition == nil && rule.statuses?.contains { $0.matches(response.status) } ?? true
    }
    let meaning = fitting?.meaning ?? Self.usual(response.status)
    guard meaning == .hit else {
      return reading(of: meaning, response, isRuled: fitting != nil)
    }
    return .failed(.malformed, note: "the answer is not JSON")
  }

  /// - Parameters:
  ///   - isRuled: Whether a rule decided.
  ///   - byBody: Whether its condition on the body did; the status says little then.
  private func reading(
    of meaning: ResponseClass, _ response: HTTPResponse, isRuled: Bool = false, byBody: Bool = false
  ) -> Reading {
    switch meaning {
    case .miss: return .miss(cost: nil)
    case .pending: return .pending
    default:
      var note = "it answered with status \(response.status)"
      if let words = ErrorWords.ofSandbox(response, redaction) {
        note += ": “\(words)”"
      } else if byBody {
        note = self.note(note, response)
      }
      return .failed(meaning.failure ?? .malformed, note: note, isRuled: isRuled)
    }
  }

  /// `note` with the provider's own words, where it has any.
  private func note(_ note: String, _ response: HTTPResponse) -> String {
    note + (ErrorWords.of(response.body, redaction).map { ": “\($0)”" } ?? "")
  }

  /// What jq says, without the values that it shows in parentheses: they may be somebody's address or
  /// number.
  private func jqNote(_ message: String) -> String {
    var plain = message
    if let start = plain.firstIndex(of: "("), let end = plain.lastIndex(of: ")"), start < end {
      plain.replaceSubrange(start...end, with: "(…)")
    }
    return "jq: \(ErrorWords.excerpt(redaction.cleaned(plain)) ?? "it failed")"
  }

  // MARK: Content

  /// What an answer says. One that says nothing of a value is a miss only where it is not an error,
  /// and looks as the manifest says of a miss.
  private func answer(
    _ output: JSON, _ response: HTTPResponse, isRuled: Bool, _ isWhole: Bool
  ) -> Reading {
    let content = content(output)
    if let content, !content.isMiss { return content }
    func nothing(_ note: String) -> Reading {
      .failed(.malformed, note: isWhole ? self.note(note, response) : note)
    }
    if isSubmission { return nothing("it names neither a job nor an answer") }
    // Where no rule says what that means, an error without a value is no “not found”.
    if !isRuled, (result(.error, output) ?? .null) != .null {
      return nothing("it answered with an error and status \(response.status)")
    }
    guard let content else { return nothing("the answer has no verdict") }
    guard !knowsMisses || fits(.miss, output) else {
      return nothing("it is neither a value nor a miss as the manifest knows it")
    }
    return content
  }

  private func fits(_ place: Place, _ output: JSON) -> Bool {
    ![nil, .null, .bool(false)].contains(result(place, output))
  }

  /// The value or the word of an answer, or its job; a miss without a value, nil without a word.
  private func content(_ output: JSON) -> Reading? {
    if let job = result(.job, output), let text = job.scalarText, !text.isEmpty {
      return .submitted(job: text)
    }
    // A value is not given away because its cost cannot be read: the price is charged then.
    for place in [Place.value, .verdict] {
      if let error = output[place.rawValue]?["e"]?.scalarText {
        return .failed(.malformed, note: jqNote(error))
      }
    }
    let cost = result(.cost, output).flatMap { Self.credits($0) }
    return isVerifier ? judgement(output, cost) : value(output, cost)
  }

  private func value(_ output: JSON, _ cost: Credits?) -> Reading {
    switch result(.value, output) ?? .null {
    case .null, .bool(false): return .miss(cost: cost)
    case .string(let text):
      let value = CanonicalText.trimmed(text)
      return value.isEmpty ? .miss(cost: cost) : hit(value, output, cost)
    case .number(let number) where number.isFinite:
      return hit(JSON.text(of: number), output, cost)
    case .number, .bool, .list, .object:
      return .failed(.malformed, note: "the value is not a text")
    }
  }

  private func hit(_ value: String, _ output: JSON, _ cost: Credits?) -> Reading {
    var confidence: Double?
    if case .number(let number) = result(.confidence, output) { confidence = number }
    var claim: Verdict?
    if let verdicts {
      let word = result(.verdict, output)?.scalarText
      claim = (word.flatMap { verdicts.words[$0] } ?? verdicts.otherwise)?.verdict
    }
    return .hit(value: value, claim: claim, cost: cost, confidence: confidence)
  }

  /// nil without a word: “otherwise” is for words that the manifest does not know.
  private func judgement(_ output: JSON, _ cost: Credits?) -> Reading? {
    guard let word = result(.verdict, output)?.scalarText else { return nil }
    if let known = verdicts?.words[word] { return .verdict(known.verdict, cost: cost) }
    guard let otherwise = verdicts?.otherwise else {
      let words = ErrorWords.excerpt(redaction.cleaned(word)).map { " “\($0)”" } ?? ""
      return .failed(.malformed, note: "the verdict\(words) is none that the manifest knows")
    }
    return .verdict(otherwise.verdict, cost: cost)
  }

  private func result(_ place: Place, _ output: JSON) -> JSON? { output[place.rawValue]?["v"] }

  /// Credits, exact to six decimals; nil for what is no amount.
  private static func credits(_ value: JSON) -> Credits? {
    guard case .number(let number) = value, number >= 0, number < 1e9 else { return nil }
    return Credits(micro: Int64((number * 1_000_000).rounded()))
  }
}
