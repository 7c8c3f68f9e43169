import Testing
import WaterfallCore

@testable import WaterfallReports

@Suite struct WritingTests {
  @Test func jsonIsOrderedAndExact() {
    let value = JSONValue.object([
      "b": .array([]), "a": .members([]), "n": .null, "t": .bool(true),
      "big": .integer(.min), "seed": .unsigned(.max),
      "amount": .amount(Credits(micro: -1_500_001)), "whole": .amount(Credits(2)),
      "list": .array([.integer(1), .bool(false)]),
    ])
    #expect(
      value.text(.compact)
        == #"{"b":[],"a":{},"n":null,"t":true,"big":-9223372036854775808,"#
        + #""seed":18446744073709551615,"amount":-1.500001,"whole":2,"list":[1,false]}"#)
    #expect(
      JSONValue.object(["a": .array([.integer(1)]), "b": .members([])]).text()
        == "{\n  \"a\": [\n    1\n  ],\n  \"b\": {}\n}")
  }

  @Test func jsonEscapesWhatItMust() {
    let text = JSONValue.string("a\"\\/\n\r\t\u{0}\u{1F}\u{7F}\u{9B}\u{2028}\u{FEFF}é😀\r\n").text()
    #expect(
      text == #""a\"\\/\n\r\t\u0000\u001f\u007f\u009b\u2028\ufeffé😀\r\n""#)
    #expect(JSONValue.string("\u{E0041}").text() == #""\udb40\udc41""#)
  }

  @Test(
    arguments: [
      (1, 3, "0.3333"), (2, 3, "0.6667"), (1, 1, "1"), (0, 5, "0"), (1, 20_000, "0"),
      (3, 20_000, "0.0002"), (5, 20_000, "0.0002"), (7, 20_000, "0.0004"),
      (.max, .max, "1"), (.max - 1, .max, "1"),
    ] as [(Int64, Int64, String)])
  func ratesRoundHalfToEven(hits: Int64, attempts: Int64, text: String) {
    #expect(ExactDecimal.rate(hits, of: attempts)?.description == text)
  }

  @Test func quotientsWithoutADivisorDoNotExist() {
    #expect(ExactDecimal.rate(1, of: 0) == nil)
    #expect(ExactDecimal.share(1, among: 0) == nil)
  }

  @Test(
    arguments: [
      (1, 2, "0"), (3, 2, "0.000002"), (-1, 2, "0"), (-3, 2, "-0.000002"), (-5, 3, "-0.000002"),
      (10_000_000, 3, "3.333333"), (20_000_000, 3, "6.666667"),
    ] as [(Int128, Int64, String)])
  func sharesRoundHalfToEven(micro: Int128, count: Int64, text: String) {
    #expect(ExactDecimal.share(micro, among: count)?.description == text)
  }

  @Test func roundingAgreesWithSearchingTheNearest() {
    for dividend in -200...200 as ClosedRange<Int128> {
      for divisor in 1...12 as ClosedRange<Int128> {
        let rounded = ExactDecimal.divideHalfEven(dividend, by: divisor)
        let error = (rounded * divisor - dividend).magnitude * 2
        #expect(error < divisor.magnitude || (error == divisor.magnitude && rounded % 2 == 0))
      }
    }
  }

  @Test(
    arguments: [
      (0, "1970-01-01T00:00:00Z"), (-1, "1969-12-31T23:59:59Z"), (999, "1970-01-01T00:00:00Z"),
      (951_782_400_000, "2000-02-29T00:00:00Z"), (1_772_368_261_500, "2026-03-01T12:31:01Z"),
      (4_107_542_400_000, "2100-03-01T00:00:00Z"), (253_402_300_799_999, "9999-12-31T23:59:59Z"),
      (-62_135_596_800_000, "0001-01-01T00:00:00Z"), (.max, "never"),
    ] as [(Int64, String)])
  func timesAreISO8601(milliseconds: Int64, text: String) {
    #expect(Timestamp(milliseconds: milliseconds).iso8601 == text)
  }

  @Test func theEndsOfTimeDoNotTrap() {
    #expect(Timestamp(milliseconds: .min).iso8601.hasSuffix("Z"))
    #expect(Timestamp(milliseconds: .max - 1).iso8601.hasSuffix("Z"))
  }

  @Test func tablesAlignWideAndCombinedCharacters() {
    var table = TextTable([.init("name"), .init("n", .right)])
    for name in ["abcdef", "日本", "e\u{301}te\u{301}", "👩‍👩‍👧‍👦", "✈️", "a\tb"] { table.add([name, "1"]) }
    #expect(
      table.lines() == [
        "name    n", "abcdef  1", "日本    1", "e\u{301}te\u{301}     1", "👩‍👩‍👧‍👦      1", "✈️      1",
        "a\\tb    1",
      ])
  }

  @Test func tablesTruncateOnlyWhereAsked() {
    var table = TextTable([.init("a", limit: 4), .init("b", .right, minimum: 3)])
    table.add(["日本語", "12345"])
    table.add(["abcd", "1"])
    table.add(["abcde"])
    #expect(table.lines(indent: 1) == [" a         b", " 日…   12345", " abcd      1", " abc…"])
    #expect(table.heading == "a    b")
    #expect(table.line(of: ["x", "y", "surplus"]) == "x    y")
  }
}
