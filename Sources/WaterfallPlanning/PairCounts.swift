/// How often two members of a set were seen together: the triangle below the diagonal.
struct PairCounts: Sendable {
  private var counts: [Int64]

  init(members: Int) { counts = Array(repeating: 0, count: members * max(members - 1, 0) / 2) }

  /// `first` is less than `second`.
  subscript(first: Int, second: Int) -> Int64 { counts[Self.index(first, second)] }

  /// Counts every pair of `members`, which ascend.
  mutating func add(_ members: [Int]) {
    for (position, second) in members.enumerated() {
      for first in members[..<position] { counts[Self.index(first, second)] += 1 }
    }
  }

  mutating func merge(_ other: PairCounts) {
    for index in counts.indices { counts[index] += other.counts[index] }
  }

  private static func index(_ first: Int, _ second: Int) -> Int {
    second * (second - 1) / 2 + first
  }
}

/// A set of small integers, one bit each.
struct BitSet: Sendable {
  private var words: [UInt64]

  init(capacity: Int) { words = Array(repeating: 0, count: (capacity + 63) / 64) }

  mutating func insert(_ member: Int) { words[member / 64] |= 1 << UInt64(member % 64) }

  mutating func removeAll() {
    for index in words.indices { words[index] = 0 }
  }

  /// In ascending order.
  var members: [Int] {
    var members: [Int] = []
    for (index, word) in words.enumerated() {
      var rest = word
      while rest != 0 {
        members.append(index * 64 + rest.trailingZeroBitCount)
        rest &= rest - 1
      }
    }
    return members
  }
}
