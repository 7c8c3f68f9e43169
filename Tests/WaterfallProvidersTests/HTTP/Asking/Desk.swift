import Synchronization
import Testing
import WaterfallCore

@testable import WaterfallProviders

/// A provider on a scripted transport, and what it answered.
final class Desk: Sendable {
  struct Given: Sendable {
    let question: Int
    let answer: Answer
    let at: Duration
  }

  let transport: ScriptedTransport
  let provider: HTTPProvider
  private let given = Mutex<[Given]>([])
  /// Knows what nobody may be told.
  let redaction = Redaction()
  private let accepted = Mutex<[String]>([])
  private let notes: Notes

  private final class Notes: Sendable {
    let all = Mutex<[String]>([])
  }

  /// - Parameters:
  ///   - http: what is added to the section, at its left edge.
  ///   - operation: what is added to the finder of e-mail addresses, at its left edge.
  convenience init(
    http: String = "", operation: String = "value: .email", key: String? = "k3y:s3cret",
    _ script: @escaping ScriptedTransport.Script
  ) throws {
    try self.init(
      Self.manifest(http: http, operation: operation), key: key, ScriptedTransport(script))
  }

  convenience init(
    http: String = "", operation: String = "value: .email", key: String? = "k3y:s3cret",
    replies: [ScriptedTransport.Reply]
  ) throws {
    try self.init(
      Self.manifest(http: http, operation: operation), key: key, ScriptedTransport(replies))
  }

  init(_ manifest: String, key: String? = "k3y:s3cret", _ transport: ScriptedTransport) throws {
    let notes = Notes()
    self.notes = notes
    self.transport = transport
    let access = HTTPAccess(
      transport: transport, now: { transport.now },
      report: { _, failure in notes.all.withLock { $0.append(failure.note) } },
      redaction: redaction,
      key: { () throws(UserError) in key })
    provider = try HTTPProvider(Manifest(parsing: manifest, file: "alpha.yaml"), access: access)
  }

  static func manifest(http: String, operation: String) -> String {
    let section = http.isEmpty ? [] : http.split(separator: "\n").map { "  " + $0 }
    let own = operation.split(separator: "\n").map { "      " + $0 }
    let hasRequest = own.contains { $0.hasPrefix("      request:") }
    let request =
      hasRequest ? [] : ["      request: {path: /find, query: {q: \"{first_name}\"}}"]
    return """
      id: alpha
      name: Alpha
      finds:
        work_email:
          inputs: [[first_name, domain]]
          price: 2
          refunds_invalid: false
          cost: {dollars: 0.1}
        job_title:
          inputs: [[first_name, domain]]
          price: 1
          refunds_invalid: false
      http:
        base: https://api.alpha.example
      \(section.joined(separator: "\n"))
        finds:
          job_title:
            request: {path: /title, query: {q: "{first_name}"}}
            value: .title
          work_email:
      \((request + own).joined(separator: "\n"))

      """
  }

  static func question(
    _ number: Int, _ field: Field = .workEmail, name: String? = nil, sentFor earlier: Int? = nil,
    job: String? = nil
  ) -> Question {
    Question(
      attempt: attempt(number), provider: ProviderID("alpha"), field: field,
      inputs: Inputs(
        names: [.firstName, .domain], values: [name ?? "n\(number)", "d\(number).example"]),
      key: QuestionKey(high: 0, low: UInt64(number)), keySource: .managed,
      sentFor: earlier.map(attempt), job: job)
  }

  private static func attempt(_ number: Int) -> AttemptID {
    AttemptID(cell: CellID(run: RunID(1), row: Int64(number), column: 0), step: 0, role: .finder)
  }

  /// Asks, and lets no time pass.
  func ask(
    _ numbers: Int..., field: Field = .workEmail, name: String? = nil, mayHaveBeenSent: Bool = false
  ) {
    for number in numbers {
      let earlier = mayHaveBeenSent ? number : nil
      ask(number, Self.question(number, field, name: name, sentFor: earlier))
    }
  }

  func ask(_ number: Int, _ question: Question) {
    provider.ask(question) { job in
      self.accepted.withLock { $0.append(job) }
    } reply: { [transport, given = self] answer in
      given.given.withLock {
        $0.append(Given(question: number, answer: answer, at: transport.elapsed))
      }
    }
  }

  /// Asks one question and lets all pass that follows.
  @discardableResult
  func outcome(name: String? = nil, mayHaveBeenSent: Bool = false) throws -> Outcome {
    try answer(name: name, mayHaveBeenSent: mayHaveBeenSent).outcome
  }

  func answer(name: String? = nil, mayHaveBeenSent: Bool = false) throws -> Answer {
    let before = answers.count
    ask(before, name: name, mayHaveBeenSent: mayHaveBeenSent)
    transport.finish()
    // Exactly one answer to each question.
    try #require(answers.count == before + 1)
    return answers[before].answer
  }

  var answers: [Given] { given.withLock { $0 } }
  /// By the number of the question.
  var outcomes: [Int: Outcome] {
    Dictionary(answers.map { ($0.question, $0.answer.outcome) }) { _, last in last }
  }
  /// The jobs that the provider made of questions.
  var jobs: [String] { accepted.withLock { $0 } }
  var reported: [String] { notes.all.withLock { $0 } }
}
