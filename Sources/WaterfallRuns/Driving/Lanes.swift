import DequeModule
import WaterfallCore

/// How many questions each provider has, where its room is limited, and the rows that wait until
/// one of them is answered.
///
/// Rows wait before anything is held for them, and are considered anew when there is room: by then
/// the run may have been stopped, the provider may be down, or another row have the answer.
struct Lanes {
  /// A provider with one of its keys: its room is theirs together, whatever the column.
  struct Key: Hashable {
    let provider: ProviderID
    let keySource: KeySource
  }

  /// One provider's questions and rows.
  final class Lane {
    let room: Int
    fileprivate var taken = 0
    fileprivate var finders = Deque<Row>()
    /// They go first: what they wait for ends a hold.
    fileprivate var verifiers = Deque<Row>()

    fileprivate init(room: Int) { self.room = room }

    fileprivate var hasRoom: Bool { taken < room }
    fileprivate var isAwaited: Bool { !finders.isEmpty || !verifiers.isEmpty }
  }

  private var lanes: [Key: Lane] = [:]
  /// Those that somebody left while others waited.
  private var due: [Lane] = []
  /// The row whose turn it is, in this lane and no other.
  private var turn: (row: Row, lane: Lane)?

  mutating func lane(_ key: Key, room: Int) -> Lane {
    if let lane = lanes[key] { return lane }
    let lane = Lane(room: room)
    lanes[key] = lane
    return lane
  }

  /// Whether the row's question can be handed over now: there is room, and nobody came before.
  /// Otherwise the row waits.
  func admits(_ row: Row, _ role: AttemptID.Role, to lane: Lane) -> Bool {
    let isItsTurn = turn.map { $0.row === row && $0.lane === lane } ?? false
    if lane.hasRoom, isItsTurn || !lane.isAwaited { return true }
    if role == .finder { lane.finders.append(row) } else { lane.verifiers.append(row) }
    return false
  }

  /// A question is going to be handed over. Rows that waited for credits in between may exceed the
  /// room by as many as they are.
  func enter(_ lane: Lane) { lane.taken += 1 }

  /// The provider has answered, or taken the question on as a job.
  mutating func leave(_ lane: Lane) {
    lane.taken -= 1
    if lane.isAwaited { due.append(lane) }
  }

  /// Whether somebody may have a turn.
  var hasNews: Bool { !due.isEmpty }

  /// The next row that waits in a lane with room. It is to be considered before the one after it is
  /// fetched; whether it takes up the room is its own affair. nil when there is none.
  mutating func popNext() -> Row? {
    turn = nil
    while let lane = due.last {
      if lane.hasRoom, let row = lane.verifiers.popFirst() ?? lane.finders.popFirst() {
        turn = (row, lane)
        return row
      }
      due.removeLast()
    }
    return nil
  }
}
