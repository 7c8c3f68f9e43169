/// A run's number in its workspace, from 1.
public struct RunID: Hashable, Comparable, Sendable, RawRepresentable, Codable {
  public let rawValue: Int64
  @inlinable public init(rawValue: Int64) { self.rawValue = rawValue }
  @inlinable public init(_ rawValue: Int64) { self.rawValue = rawValue }
  public static func < (left: Self, right: Self) -> Bool { left.rawValue < right.rawValue }
}

extension RunID: CustomStringConvertible {
  public var description: String { String(rawValue) }
}

/// One row of one enriched column: the unit of work and of billing.
///
/// Never contains a worker, an attempt number, a time or a price: a cell that is asked again after
/// a crash is the same cell.
public struct CellID: Hashable, Sendable {
  public let run: RunID
  /// 1-based data row.
  public let row: Int64
  /// 0-based position among the run's enriched columns.
  public let column: Int32
  /// 0; greater only after an explicit re-run of the cell.
  public let generation: Int32

  @inlinable public init(run: RunID, row: Int64, column: Int32, generation: Int32 = 0) {
    self.run = run
    self.row = row
    self.column = column
    self.generation = generation
  }
}

/// One provider asked once for one cell.
public struct AttemptID: Hashable, Sendable {
  public enum Role: Int32, Sendable, CaseIterable {
    case finder = 0
    /// The verifier asked about what this step's finder returned.
    case verifier = 1
  }

  public let cell: CellID
  /// 0-based position in the waterfall.
  public let step: Int32
  public let role: Role

  @inlinable public init(cell: CellID, step: Int32, role: Role) {
    self.cell = cell
    self.step = step
    self.role = role
  }
}

/// How a cell ended, or that it has not yet.
public enum CellState: String, Sendable, CaseIterable, Codable {
  case pending
  case running
  case filled
  /// Somebody answered, and nobody who was asked had an accepted value.
  case empty
  /// Nobody who was asked could answer.
  case failed
  /// Not asked at all.
  case skipped
}
