import Hashing

/// What a run over a sandbox has in its ledger, by the keys under which the sandbox knows questions.
struct Bill {
  var charged: Set<String> = []
  /// Listed as sent and never answered.
  var unknown: Set<String> = []

  init() {}

  /// - Parameter path: A workspace.
  init(_ path: String) throws {
    let name = try Database.rows(path, "SELECT id FROM workspace").first ?? ""
    func keys(_ condition: String) throws -> Set<String> {
      Set(
        try Database.rows(
          path,
          """
          SELECT run, "row", col, generation, step, role = 'verifier' FROM attempt
          WHERE kind = 'asked' AND \(condition)
          """
        ).map { SHA256.digest("waterfall/1|\(name)|\($0)").hexadecimal })
    }
    charged = try keys("captured > 0")
    unknown = try keys("outcome = 'unknown'")
  }

  mutating func add(_ other: Bill) {
    charged.formUnion(other.charged)
    unknown.formUnion(other.unknown)
  }
}
