import Testing

@testable import WaterfallProviders

/// What is no plain list of alternatives has none.
@Suite struct JQAlternativesTests {
  @Test(arguments: [
    (".a // .b", [".a", ".b"]),
    (".a.b[0] // .c?\n// $inputs.domain // null", [".a.b[0]", ".c?", "$inputs.domain"]),
    ("(.a | .b) // [.c // .d][0]", ["(.a | .b)", "[.c // .d][0]"]),
    (".a", []), ("(.a // .b)", []), (".a // .b | .c", []), (".a // .b, .c", []),
    (#".a // "//""#, []), (".a //= 1", []), (".a // .b # // .c", []),
    (".x as $x | .a // .b", []), ("if .a then .b // .c else .d end", []),
    ("try .a // .b", []), (".a == 1 // .b", []),
  ])
  func theyAreTakenApart(expression: String, alternatives: [String]) {
    #expect(JQAlternatives.of(expression) == alternatives)
  }
}
