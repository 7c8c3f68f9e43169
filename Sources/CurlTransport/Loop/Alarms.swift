import HeapModule

/// What is to be done at points in time: the earliest first, and what is due at once in the order
/// in which it was asked for.
struct Alarms {
  enum Task {
    case work(@Sendable () -> Void)
    /// Has an exchange in this transfer run out of time?
    case look(Transfer)
  }

  private struct Alarm: Comparable {
    let deadline: Int64
    let number: UInt64
    let task: Task

    static func < (left: Alarm, right: Alarm) -> Bool {
      left.deadline == right.deadline
        ? left.number < right.number : left.deadline < right.deadline
    }
    static func == (left: Alarm, right: Alarm) -> Bool { left.number == right.number }
  }

  private var heap = Heap<Alarm>()
  private var number: UInt64 = 0

  /// O(log n)
  mutating func add(at deadline: Int64, _ task: Task) {
    number += 1
    heap.insert(Alarm(deadline: deadline, number: number, task: task))
  }

  /// When the next one is due; nil without any.
  var next: Int64? { heap.min?.deadline }

  /// The next one that is due now. O(log n)
  mutating func popDue(now: Int64) -> (deadline: Int64, task: Task)? {
    guard let first = heap.min, first.deadline <= now else { return nil }
    let alarm = heap.removeMin()
    return (alarm.deadline, alarm.task)
  }
}
