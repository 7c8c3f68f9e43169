import Testing
import WaterfallCore

@testable import WaterfallProviders

/// What a program may not reach, and what keeps one that never ends from staying.
@Suite struct JQGuardTests {
  @Test(arguments: JQGuard.refused.sorted()) func aNameOutsideIsRefusedByName(word: String) {
    #expect(JQGuard.problem(in: word)?.message == "a jq program may not use “\(word)”")
    for program in [
      ".a | \(word)", "[\(word)]", "\"x\\(\(word))\"", "\"\\(\"\\(1 + \(word))\")\"",
      "def f: \(word); f", "# harmless\n\(word)", ".a#c\n|\(word)", "@sh \"\\(\(word))\"",
      "{a:\(word)}", "try \(word) catch .", ". as [$x] | \(word)", "\"a\\\\\\(\(word))\"",
      ".[\(word)]", ".a?//\(word)", "-\(word)", "\"#\" | \(word)", "first(\(word))",
    ] {
      #expect(JQGuard.problem(in: program) != nil, "\(program)")
    }
  }

  /// All of these reach the environment, or would in some version of jq.
  @Test(arguments: [
    "$ENV.PATH", "$ ENV", "$\nENV.HOME", "$#c\nENV", "env.PATH", "env|.PATH", "..|env", ". | env",
    "\"\\(env.PATH)\"", "\"(\\(\"\\(\")\\\"\")\" + env.A)\"", "# \\\n\" \n env # \"",
    "# \r\" \n env # \"", "import \"a\" as a; .", "include \"a\"; .", "a::env",
    "[limit(1; inputs)]",
  ])
  func tricksDoNotHelp(program: String) {
    #expect(JQGuard.problem(in: program) != nil)
  }

  @Test(arguments: [
    ".env", ".input.inputs", ".a.env", ".[\"env\"]", ".\"env\"", "\"env\"", "\"$ENV input\"",
    "getpath([\"env\"])", "@sh", "@sh \"x \\(.a)\"", "environment", "my_env", "$environment",
    "# env\n.a", "\"\\\\(env)\"", "{\"env\": .a}", "$status", "$headers.debug", "$inputs",
    ".a # input", "inputs2", "test(\"now\")", "ascii_downcase", "\"a\\\"env\\\"\"",
  ])
  func whatStaysInsideIsLeftAlone(program: String) {
    #expect(JQGuard.problem(in: program) == nil)
  }

  /// Every function that the linked libjq has is either refused, or known to read its input alone: a
  /// version that brings another one is noticed here.
  @Test func everyFunctionIsKnown() throws {
    let program = try JQProgram("builtins | map(split(\"/\")[0]) | unique")
    guard
      case .list(let names)? = try program.first(of: #require(JQInput.parse(Array("null".utf8))))
    else {
      Issue.record("builtins is no list")
      return
    }
    let unknown = names.compactMap(\.scalarText)
      .filter { !JQGuard.refused.contains($0) && !PureFunctions.names.contains($0) }
    #expect(names.count > 100 && unknown == [])
  }

  @Test func aManifestIsToldWhereItReachesOut() {
    for (place, text) in [
      (".email", "$ ENV"), ("{of: .status,", "{of: env,"),
      ("{status: 404, is: miss}", "{when: now, is: miss}"),
    ] {
      let manifest = HTTPStrictnessTests.good.replacing(place, with: text, maxReplacements: 1)
      let error = #expect(throws: UserError.self) {
        try Manifest(parsing: manifest, file: "a.yaml")
      }
      #expect(error.map { "\($0)".contains("a jq program may not use") } == true, "\(text)")
    }
  }

  // MARK: Programs that never end

  /// The guard does not find them; whoever reads with one gets an answer all the same, and the
  /// machine that it ran on works again.
  @Test(arguments: [
    "last(range(infinite))", "[repeat(1)] | length", "until(false; .)", "last(recurse(.))",
    "def f: f; f", "reduce range(infinite) as $x (0; . + $x)", "[range(1e12)] | length",
    "while(true; .) | select(false)", "first(range(infinite) | select(. < 0))",
  ])
  func whatNeverEndsIsEnded(expression: String) throws {
    #expect(JQGuard.problem(in: expression) == nil)
    let program = try JQProgram("if . then \(expression) else 1 end", longest: .milliseconds(200))
    for _ in 0..<2 {
      let failure = #expect(throws: JQProgram.Failure.self) {
        try program.first(of: #require(JQInput.parse(Array("true".utf8))))
      }
      #expect(failure?.message == "it was ended after 0.2 seconds")
      #expect(try program.first(of: #require(JQInput.parse(Array("false".utf8)))) == .number(1))
    }
  }

  /// Whoever waits for the reading of an answer waits for all of that time.
  @Test func whatNeverEndsIsNotRunForEver() throws {
    let program = try JQProgram("if . then last(range(infinite)) else 1 end", longest: .zero)
    func run(_ input: String) throws -> JSON? {
      try program.first(of: #require(JQInput.parse(Array(input.utf8))))
    }
    for _ in 0..<2 { #expect(throws: JQProgram.Failure.self) { try run("true") } }
    #expect(try run("false") == .number(1), "two are forgiven")
    for _ in 0..<3 { #expect(throws: JQProgram.Failure.self) { try run("true") } }
    let failure = #expect(throws: JQProgram.Failure.self) { try run("false") }
    #expect(
      failure?.message == "it was ended 3 times after 0.0 seconds, and is not run any more")
  }

  @Test func lazyEndlessProgramsNeedNotBeEnded() throws {
    for expression in [
      "first(repeat(1))", "[limit(3; repeat(1))] | .[2]", "first(range(1; infinite))",
    ] {
      #expect(
        try JQProgram(expression).first(of: #require(JQInput.parse(Array("null".utf8))))
          == .number(1), "\(expression)")
    }
  }
}

/// What reads nothing but its input and its arguments.
enum PureFunctions {
  static let names: Set<String> = Set(
    """
    IN INDEX JOIN GROUP_BY UNIQUE_BY acos acosh add all any arrays ascii ascii_downcase ascii_upcase
    asin asinh atan atan2 atanh booleans bsearch builtins capture cbrt ceil combinations contains
    copysign cos cosh del delpaths drem empty endswith erf erfc error exp exp10 exp2 explode expm1
    fabs fdim finites first flatten floor fma fmax fmin fmod format frexp from_entries fromdate
    fromdateiso8601 fromjson fromstream gamma getpath gmtime group_by gsub has hypot implode in index
    indices infinite inside isempty isfinite isinfinite isnan isnormal isvalid iterables j0 j1 jn join
    keys keys_unsorted last ldexp leaf_paths length lgamma lgamma_r limit log log10 log1p log2 logb
    ltrimstr map map_values match max max_by min min_by mktime modf nan nearbyint nextafter nexttoward
    normals not nth nulls numbers objects path paths pow pow10 range recurse recurse_down remainder
    repeat reverse rindex rint round rtrimstr scalars scalars_or_empty scalb scalbln scan select
    setpath significand sin sinh sort sort_by split splits sqrt startswith strings strptime
    sub tan tanh test tgamma to_entries todate todateiso8601 tojson tonumber tostream tostring
    transpose trunc truncate_stream type unique unique_by until utf8bytelength values walk while
    with_entries y0 y1 yn abs date dateadd datesub dateround have_decnum have_literal_numbers
    pick toarray trim ltrim rtrim trimstr skip toboolean
    """.split(whereSeparator: \.isWhitespace).map(String.init))
}
