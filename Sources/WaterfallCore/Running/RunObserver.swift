/// Watches a run from the driver's own thread. Every method must return at once.
public protocol RunObserver: AnyObject {
  /// All cells of a row have ended. `attempts` are its steps in order, by column; they are already
  /// on their way to the journal. Not called for rows whose cells were all skipped.
  func rowEnded(_ row: Int64, attempts: [AttemptRecord])

  /// Called after each durable batch.
  func progressed(_ progress: RunProgress)
}

extension RunObserver {
  public func rowEnded(_ row: Int64, attempts: [AttemptRecord]) {}
  public func progressed(_ progress: RunProgress) {}
}

/// How far a run has come, counted from the start of this process.
public struct RunProgress: Sendable, Equatable {
  /// Rows finished and written, those of earlier processes included.
  public var rows: Int64 = 0
  /// Cells that ended in this process, skipped ones included.
  public var cells: Int64 = 0
  public var fills: Int64 = 0
  public var charged = Credits.zero
  public var refunded = Credits.zero
  public var inputOffset: Int64 = 0
  /// Bytes of the sheet; nil for a stream.
  public var inputSize: Int64?

  public init() {}
}
