import TestSupport
import Testing
import WaterfallCore
import WaterfallEngine
import WaterfallLedger

/// The worked examples of the charging rules: price 2 for A, 3 for B, 5 for C, and 0.5 for the
/// verifier V.
@Suite struct WorkedExampleTests {
  static func step(_ name: String, _ price: Int64, own: Bool = false, called: Bool = false) -> Step
  {
    Step(
      provider: ProviderID(name), price: Credits(price), keySource: own ? .own : .managed,
      chargePolicy: called ? .called : .found)
  }
  static let a = step("a", 2)
  static let b = step("b", 3)
  static let c = step("c", 5)
  static let v = Step(provider: ProviderID("v"), price: Credits(micro: 500_000))
  static let invalid = Verdict(.invalid, .nonexistent)

  struct Example: CustomTestStringConvertible {
    var name: String
    var cell: ScriptedCell
    var entries: String
    var charged: Credits
    var refunded: Credits
    var end: CellState
    var filledBy: Int?
    var testDescription: String { name }

    var saved = Credits.zero
  }

  static let examples: [Example] = [
    Example(
      name: "valid at once",
      cell: ScriptedCell([a, b, c], replies: [.hit("x"), .miss, .miss]),
      entries: "hold 2, capture 2", charged: Credits(2), refunded: .zero, end: .filled, filledBy: 0),
    Example(
      name: "miss, then valid", cell: ScriptedCell([a, b, c], replies: [.miss, .hit("x"), .miss]),
      entries: "hold 2, void; hold 3, capture 3", charged: Credits(3), refunded: .zero,
      end: .filled, filledBy: 1),
    Example(
      name: "invalid, then valid",
      cell: ScriptedCell([a, b, c], replies: [.hit("x", invalid), .hit("y"), .miss]),
      entries: "hold 2, capture 2, refund 2; hold 3, capture 3", charged: Credits(5),
      refunded: Credits(2), end: .filled, filledBy: 1),
    Example(
      name: "unavailable, miss, invalid",
      cell: ScriptedCell(
        [a, b, c], replies: [.failure(.unavailable), .miss, .hit("x", invalid)]),
      entries: "hold 2, void; hold 3, void; hold 5, capture 5, refund 5", charged: Credits(5),
      refunded: Credits(5), end: .empty, filledBy: nil),
    Example(
      name: "unavailable, bad key, never answered",
      cell: ScriptedCell(
        [a, b, c], replies: [.failure(.unavailable), .failure(.credentials), .unknown]),
      entries: "hold 2, void; hold 3, void; hold 5, void", charged: .zero, refunded: .zero,
      end: .failed, filledBy: nil),
    Example(
      name: "own key, valid",
      cell: ScriptedCell([step("a", 2, own: true), b, c], replies: [.hit("x"), .miss, .miss]),
      entries: "zero", charged: .zero, refunded: .zero, end: .filled, filledBy: 0,
      saved: Credits(2)),
    Example(
      name: "own key, invalid, then valid",
      cell: ScriptedCell(
        [step("a", 2, own: true), b, c], replies: [.hit("x", invalid), .hit("y"), .miss]),
      entries: "zero; hold 3, capture 3", charged: Credits(3), refunded: .zero, end: .filled,
      filledBy: 1),
    Example(
      name: "the verifier rejects A and accepts B",
      cell: {
        var cell = ScriptedCell([a, b, c], verifier: v, replies: [.hit("x"), .hit("y"), .miss])
        cell.verifier = ["x": invalid, "y": .valid]
        return cell
      }(),
      entries:
        "hold 2; hold 0.5, capture 0.5, capture 2, refund 2; hold 3; hold 0.5, capture 0.5, "
        + "capture 3",
      charged: Credits(6), refunded: Credits(2), end: .filled, filledBy: 1),
    Example(
      name: "B finds what was rejected from A: the verifier is not asked again",
      cell: {
        var cell = ScriptedCell(
          [a, b, c], verifier: v, replies: [.hit("x"), .hit("x"), .hit("y")])
        cell.verifier = ["x": invalid, "y": .valid]
        return cell
      }(),
      entries:
        "hold 2; hold 0.5, capture 0.5, capture 2, refund 2; hold 3, capture 3, refund 3; "
        + "hold 5; hold 0.5, capture 0.5, capture 5",
      charged: Credits(11), refunded: Credits(5), end: .filled, filledBy: 2),
    Example(
      name: "a miss under the policy called",
      cell: ScriptedCell(
        [step("a", 2, called: true), b, c], replies: [.miss, .hit("x"), .miss]),
      entries: "hold 2, capture 2; hold 3, capture 3", charged: Credits(5), refunded: .zero,
      end: .filled, filledBy: 1),
  ]

  @Test(arguments: examples) func givesTheEntriesInOrder(example: Example) throws {
    var cell = example.cell
    try cell.run()
    #expect(cell.entries.transcript == example.entries)
    #expect(cell.entries.total(.capture) == example.charged)
    #expect(cell.entries.total(.refund) == example.refunded)
    #expect(cell.state == example.end)
    #expect(cell.fill?.step == example.filledBy)
    #expect(cell.results.reduce(.zero) { $0 + $1.saved } == example.saved)
    // The book agrees with the entries, and nothing stays on hold.
    #expect(cell.book.held == .zero)
    #expect(
      cell.book.available(at: Timestamp(milliseconds: 1))
        == Credits(100) - example.charged + example.refunded)
    // The journal's records agree with the ledger.
    #expect(cell.results.reduce(.zero) { $0 + $1.captured } == example.charged)
    #expect(cell.results.reduce(.zero) { $0 + $1.refunded } == example.refunded)
  }
}
