/// Where a run's answers and entries become durable. Batches only: a store may be a file here or
/// a server elsewhere.
public protocol RunJournal: AnyObject, Sendable {
  /// Makes the batch durable, wholly or not at all. When it returns, the batch survives a kill and
  /// a power cut.
  ///
  /// Throws when the store cannot take it, or when an attempt of the batch is already stored.
  func commit(_ batch: JournalBatch) throws

  /// The attempts stored for `rows` of a run, by row, column, step and role.
  func attempts(of run: RunID, rows: ClosedRange<Int64>) throws -> [AttemptRecord]

  /// One stored attempt.
  func attempt(_ id: AttemptID) throws -> AttemptRecord?

  /// Calls `body` with the question of every stored attempt of the run that hit or missed: the
  /// answers that identical questions share. In no particular order; O(attempts).
  func forEachSharedQuestion(
    of run: RunID, _ body: (QuestionKey, AttemptID) throws -> Void
  ) throws

  /// The furthest checkpoint of the run whose output offset is at most `outputSize`.
  func checkpoint(of run: RunID, outputSize: Int64) throws -> Checkpoint?

  /// Rows whose cells have all ended, from the first on.
  func rowsDone(of run: RunID) throws -> Int64

  /// Holds that have not ended, with the attempts that they belong to.
  func openHolds(of run: RunID) throws -> [OpenHold]

  /// Questions that were sent, or were about to be, and whose answers have not been stored.
  func openQuestions(of run: RunID) throws -> [OpenQuestion]
}

/// A question that is under way: to be sent, sent, or taken on by the provider. Questions to
/// providers that cannot hurt anybody are not among them.
public struct OpenQuestion: Sendable, Equatable {
  public let attempt: AttemptID
  public let question: QuestionKey
  /// The attempt for which an earlier process may have sent it; nil where none did.
  public let sentFor: AttemptID?
  /// The provider's name for its work, under which the answer is fetched; nil where it told none.
  public let job: String?

  public init(
    attempt: AttemptID, question: QuestionKey, sentFor: AttemptID? = nil, job: String? = nil
  ) {
    self.attempt = attempt
    self.question = question
    self.sentFor = sentFor
    self.job = job
  }
}

/// A hold that has not ended: the slices of the lots that it reserves.
public struct OpenHold: Sendable, Equatable {
  public struct Slice: Sendable, Equatable {
    public let lot: LotID
    public let amount: Credits
    public init(lot: LotID, amount: Credits) {
      self.lot = lot
      self.amount = amount
    }
  }

  public let opening: Int64
  public let attempt: AttemptID
  /// In the order in which they burn.
  public let slices: [Slice]

  public init(opening: Int64, attempt: AttemptID, slices: [Slice]) {
    self.opening = opening
    self.attempt = attempt
    self.slices = slices
  }
}
