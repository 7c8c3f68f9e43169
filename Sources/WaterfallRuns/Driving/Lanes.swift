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

  private struct Lane {
    let room: Int
    var taken = 0
    var finders = Deque<Row>()
    /// They go first: what they wait for ends a hold.
    var verifiers = Deque<Row>()

    var isAwaited: Bool { !finders.isEmpty || !verifiers.isEmpty }

    mutating func popWaiting() -> Row? { verifiers.popFirst() ?? finders.popFirst() }
  }

  private var lanes: [Key: Lane] = [:]
  /// Those that somebody left while others waited.
  private var due: [Key] = []
  /// The row whose turn it is, in this lane and no other.
  private var turn: (row: Row, key: Key)?

  /// Whether the row's question can be handed over now: there is room, and nobody came before.
  /// Otherwise the row waits.
  mutating func admits(_ row: Row, _ role: AttemptID.Role, to key: Key, room: Int) -> Bool {
    let lane = lanes[key, default: Lane(room: room)]
    let isItsTurn = turn.map { $0.row === row && $0.key == key } ?? false
    if lane.taken < lane.room, isItsTurn || !lane.isAwaited { return true }
    if role == .finder {
      lanes[key]?.finders.append(row)
    } else {
      lanes[key]?.verifiers.append(row)
    }
    return false
  }

  /// A question is going to be handed over. Rows that waited for credits in between may exceed the
  /// room by as many as they are.
  mutating func enter(_ key: Key, room: Int) {
    lanes[key, default: Lane(room: room)].taken += 1
  }

  /// The provider has answered, or taken the question on as a job.
  mutating func leave(_ key: Key) {
    lanes[key]?.taken -= 1
    due.append(key)
  }

  /// Whether somebody may have a turn.
  var hasNews: Bool { !due.isEmpty }

  /// The next row that waits in a lane with room. It is to be considered before the one after it is
  /// fetched; whether it takes up the room is its own affair. nil when there is none.
  mutating func popNext() -> Row? {
    turn = nil
    while let key = due.last {
      if let lane = lanes[key], lane.taken < lane.room, let row = lanes[key]?.popWaiting() {
        turn = (row, key)
        return row
      }
      due.removeLast()
    }
    return nil
  }
}
