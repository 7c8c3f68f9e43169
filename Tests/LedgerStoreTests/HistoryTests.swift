import LedgerStore
import Testing
import WaterfallCore
import WaterfallLedger

/// The ledger as people read it.
@Suite struct HistoryTests {
  @Test(arguments: [false, true]) func aRowsHistoryIsItsPartOfTheWhole(isSlow: Bool) throws {
    let workspace = try SampleWorkspace()
    let (run, _) = try workspace.fill(seed: 21, isSlow: isSlow)
    let store = try workspace.open(create: false)
    var whole: [HistoryLine] = []
    try store.forEachHistoryLine(of: run.id) { whole.append($0) }
    for row in Int64(1)...100 {
      let expected = whole.filter { $0.attempt?.cell.row == row }
      #expect(try store.history(of: run.id, row: row) == expected, "row \(row)")
      #expect(try store.entries(of: run.id, row: row) == expected.map(\.entry))
    }
    #expect(try store.history(of: run.id, row: 101).isEmpty)
    #expect(whole.allSatisfy { !$0.cause.isEmpty })
  }

  @Test func causesAreWords() throws {
    let workspace = try SampleWorkspace()
    _ = try workspace.fill(seed: 21, batches: 8)
    let store = try workspace.open(create: false)
    var causes: [EntryKind: Set<String>] = [:]
    try store.forEachHistoryLine { causes[$0.entry.kind, default: []].insert($0.cause) }
    #expect(causes[.grant] == ["trial", "burns first"])
    #expect(causes[.hold] == ["asked"])
    #expect(causes[.capture]?.isSuperset(of: ["accepted", "hit", "valid"]) == true)
    #expect(causes[.refund]?.contains("invalid: does_not_exist") == true)
    #expect(
      causes[.void]?.isSuperset(of: ["miss", "unknown", "failure: quota", "released: it cost less"])
        == true)
    #expect(causes[.zero]?.isSuperset(of: ["accepted", "invalid: syntax", "miss"]) == true)
  }

  @Test func aLineNamesWhatItIsAbout() throws {
    let workspace = try SampleWorkspace()
    let (run, _) = try workspace.fill(seed: 21)
    let store = try workspace.open(create: false)
    var lines: [HistoryLine] = []
    try store.forEachHistoryLine { lines.append($0) }
    let grant = try #require(lines.first)
    #expect(grant.from == .outside && grant.to == .available && grant.attempt == nil)
    #expect(grant.column == nil && grant.provider == nil && grant.time == SampleWorkspace.now)
    let hold = try #require(lines.first { $0.entry.kind == .hold && $0.attempt?.cell.column == 1 })
    #expect(hold.column == "Mobile “phone”" && hold.provider == ProviderID("acme"))
    #expect(hold.attempt?.cell.run == run.id)
  }

  @Test func theViewsReadLikeALedger() throws {
    let workspace = try SampleWorkspace()
    _ = try workspace.fill(seed: 21)
    let line = try workspace.row("SELECT * FROM ledger_line WHERE seq = 1")
    #expect(line["time"] == "2027-01-15T07:43:20.000Z")
    #expect(line["amount"] == "1000000" && line["cause"] == "trial" && line["to"] == "available")
    let hold = try workspace.row("SELECT * FROM ledger_line WHERE kind = 'hold' AND step = 1")
    #expect(hold["provider"] == "acme")
    #expect(try workspace.row("SELECT * FROM balance_line WHERE lot = 2")["note"] == "burns first")
    let attempt = try workspace.row("SELECT * FROM attempt_line WHERE kind = 'asked'")
    #expect(attempt["key_source"] != nil && attempt["price"]?.isEmpty == false)
  }
}
