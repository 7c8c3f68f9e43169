import CSVCodec
import WaterfallCore
import WaterfallEngine
import WaterfallLedger
import WaterfallProviders

/// A batch of records that rows in flight still need.
final class Sheaf {
  let batch: CSVBatch
  /// Where the sheet goes on after the batch.
  var end: CSVPosition
  /// Blank lines before the batch, where they filled batches of their own.
  var blankLines: [UInt8] = []
  /// Rows of the batch that have not been written, and one more while it is being started.
  var users = 0

  init(batch: CSVBatch, end: CSVPosition) {
    self.batch = batch
    self.end = end
  }
}

/// One row in flight: its cells one after the other, the machine of the current one, and what its
/// attempts came to. Rows are used again when they have been written.
final class Row {
  /// How one cell of the row ended.
  struct Cell {
    var state = CellState.pending
    var fill: CellMachine.Fill?
    var skip: SkipReason?
    /// Whether the fill is an invention of the simulated world; a table of the user's is real.
    var isSimulated = true
  }

  /// What the current step has at stake in one role.
  struct Stake {
    var opening: Int64 = 0
    var amount = Credits.zero
    var question = QuestionKey(high: 0, low: 0)
    /// Whether other rows may wait for this question's answer.
    var isAnnounced = false
    /// Whose room the question takes up.
    var lane: Lanes.Lane?
  }

  var number: Int64 = 0
  /// The batch that holds the row's bytes, and its place in it.
  var sheaf: Sheaf
  var record = 0

  var cells: [Cell] = []
  /// The position of the column whose cell is under way.
  var column = 0
  var machine = CellMachine()
  var request = CellMachine.Request.end(.pending)
  var inputs = Inputs(names: [], values: [])
  /// Of the column's input sets, once they are needed.
  var digests: [InputsDigest?] = []
  var finder = Stake()
  var verifier = Stake()
  var charge: Charge?
  /// The finder's own word on the value under judgement.
  var claim: Verdict?
  var hasEnded = false
  /// Rows counted against `--limit` up to this one.
  var selected: Int64 = 0

  var budget = Budget(limit: nil)
  /// What an earlier process stored for this row.
  var recorded: [AttemptRecord] = []
  /// Everything asked or passed over for this row, those of earlier processes included.
  var records: [AttemptRecord] = []
  /// Whether an earlier process finished the row: nothing of it goes to the journal again.
  var wasJournaled = false

  init(sheaf: Sheaf) { self.sheaf = sheaf }

  var batch: CSVBatch { sheaf.batch }

  func begin(
    number: Int64, sheaf: Sheaf, record: Int, columns: Int, budget: Credits?,
    recorded: [AttemptRecord], wasJournaled: Bool
  ) {
    self.number = number
    self.sheaf = sheaf
    self.record = record
    cells.removeAll(keepingCapacity: true)
    for _ in 0..<columns { cells.append(Cell()) }
    column = 0
    hasEnded = false
    charge = nil
    records.removeAll(keepingCapacity: true)
    self.recorded = recorded
    self.wasJournaled = wasJournaled
    let spent = recorded.reduce(Credits.zero) { $0 + $1.captured - $1.refunded }
    self.budget = Budget(limit: budget, net: spent)
  }

  func stake(_ role: AttemptID.Role) -> Stake { role == .finder ? finder : verifier }

  func withStake<Result>(_ role: AttemptID.Role, _ body: (inout Stake) -> Result) -> Result {
    role == .finder ? body(&finder) : body(&verifier)
  }

  /// What an earlier process stored for a step of the current cell.
  func recorded(step: Int, role: AttemptID.Role) -> AttemptRecord? {
    recorded.first {
      $0.id.cell.column == Int32(column) && $0.id.step == Int32(step) && $0.id.role == role
    }
  }
}
