import Testing
import WaterfallCore

@Suite struct CreditsTests {
  @Test(arguments: [
    ("0", 0), ("1", 1_000_000), ("0.1", 100_000), ("0.25", 250_000), ("12.000001", 12_000_001),
    ("-3.5", -3_500_000), ("007", 7_000_000), ("1000000000000", 1_000_000_000_000_000_000),
  ])
  func readsExactDecimals(text: String, micro: Int64) throws {
    #expect(try Credits(parsing: text).micro == micro)
  }

  @Test(arguments: [
    "", "-", ".", "1.", ".5", "1,5", "1e3", "+1", " 1", "0x1", "NaN", "1.2.3", "٣",
    "1.0000001", "1000000000000.1", "1000000000001", "99999999999999999999999",
  ])
  func refusesWhatIsNoAmount(text: String) {
    #expect(throws: AmountError.self) { try Credits(parsing: text) }
  }

  @Test func writesTheShortestTextThatReadsBack() throws {
    for micro in [0, 1, 10, 250_000, 1_000_000, 1_500_000, -1, -2_250_000, 999_999_999_999]
      as [Int64]
    {
      let amount = Credits(micro: micro)
      #expect(try Credits(parsing: amount.description) == amount)
    }
    #expect(Credits(micro: 250_000).description == "0.25")
    #expect(Credits(2).description == "2")
    #expect(Credits(micro: -1).description == "-0.000001")
  }

  @Test func sumsThatLeaveTheRangeAreErrors() {
    #expect(throws: AmountError.self) { try Credits(micro: .max).adding(Credits(micro: 1)) }
    #expect(throws: AmountError.self) { try Credits.largest.times(10) }
  }
}
