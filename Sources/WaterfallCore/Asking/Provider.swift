/// A service that may know a field. One verb; retries, rate limits and recording wrap it.
public protocol Provider: Sendable {
  /// Asks once and replies exactly once, on any thread, before or after this call returns.
  ///
  /// Whatever goes wrong is an outcome in the answer: asking never throws.
  func ask(_ question: Question, reply: @escaping @Sendable (Answer) -> Void)

  /// Asks as `ask(_:reply:)` does. A provider that takes the question on as a job, to be answered
  /// later, first tells its name for it, at most once: under `Question.job`, a later process of
  /// the run can fetch the answer instead of asking again.
  func ask(
    _ question: Question, accepted: @escaping @Sendable (_ job: String) -> Void,
    reply: @escaping @Sendable (Answer) -> Void)

  /// Whether asking twice can hurt nobody: no network, nothing billed by a third party. Such a
  /// provider may be asked before its hold is durable; every other one only after.
  var isHarmless: Bool { get }

  /// Why the provider cannot be asked right now; nil where it can. Looked at before each question.
  var obstacle: SkipReason? { get }

  /// How many questions it can make use of at once, from 1 on, without those that it took on as
  /// jobs; nil for any number.
  ///
  /// More are not handed over: a question that would only wait in the provider's own queue could
  /// not be taken back when the run is stopped, and after a crash it would pass for one that was
  /// sent. Constant.
  var room: Int? { get }
}

extension Provider {
  public var obstacle: SkipReason? { nil }

  public var room: Int? { nil }

  /// For providers that answer without jobs.
  public func ask(
    _ question: Question, accepted: @escaping @Sendable (_ job: String) -> Void,
    reply: @escaping @Sendable (Answer) -> Void
  ) {
    ask(question, reply: reply)
  }
}

/// Gives verdicts by local rules, at no cost.
public protocol Validator: Sendable {
  /// Judges a value that a provider returned for `question`. Complexity: O(length of the value).
  func judge(_ value: String, for question: Question) -> Verdict
}

/// A condition on the original cells of a row, such as an SQL expression.
public protocol RowCondition: AnyObject {
  /// The positions (0-based, ascending) of the header's columns that the condition reads.
  var columns: [Int] { get }
  /// Whether the row passes. `values` are the decoded cells at `columns`, in that order.
  /// Throws `UserError` when the expression fails on this row.
  func passes(_ values: [String]) throws -> Bool
}
