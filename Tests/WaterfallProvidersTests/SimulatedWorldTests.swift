import Testing
import WaterfallCore

@testable import WaterfallProviders

/// What is true in the simulated world follows from what a row says, and reaches nobody.
@Suite struct SimulatedWorldTests {
  let world = SimulatedWorld(seed: Samples.seed)

  func inputs(_ pairs: KeyValuePairs<InputName, String>) -> Inputs {
    Inputs(names: pairs.map(\.key), values: pairs.map(\.value))
  }

  @Test func theSamePersonHasTheSameValuesWhateverTheHeaders() {
    let plain = inputs([.firstName: "Zoë", .lastName: "O'Brien", .domain: "acme.com"])
    let same = [
      inputs([.fullName: "Zoë O'Brien", .domain: "acme.com"]),
      inputs([.domain: " https://www.ACME.com:443/about?x=1 ", .fullName: "  zoe   O’BRIEN "]),
      inputs([.lastName: "Obrien", .domain: "acme.com", .firstName: "ZOE", .phone: ""]),
      inputs([.firstName: "Zoë", .lastName: "O'Brien", .domain: "acme.com", .company: "Other"]),
      inputs([.firstName: "Zoë", .lastName: "O'Brien", .company: "Acme, Inc."]),
      inputs([.firstName: "Zoë", .lastName: "", .fullName: "Zoë O'Brien", .domain: "acme.com"]),
    ]
    for field in Field.allCases {
      for other in same {
        #expect(world.value(of: field, for: other) == world.value(of: field, for: plain))
      }
    }
    let address = world.value(of: .workEmail, for: plain) ?? "zoe@acme.example"
    #expect(address.hasSuffix("@acme.example"))
  }

  @Test func anotherPersonCompanyOrSeedHasOtherValues() {
    let ada = inputs([.fullName: "Ada Lovelace", .domain: "acme.com"])
    let others = [
      inputs([.fullName: "Ada Byron", .domain: "acme.com"]),
      inputs([.fullName: "Ada Lovelace", .domain: "other.com"]),
      inputs([.fullName: "Αδα Λάβλεϊς", .domain: "acme.com"]),
      inputs([.fullName: "Ада Лавлейс", .domain: "acme.com"]),
      inputs([.linkedinURL: "https://www.linkedin.com/in/ada"]),
      inputs([InputName("badge"): "7"]), inputs([InputName("badge"): "8"]), inputs([:]),
    ]
    let profiles = ([ada] + others).map { person in
      RowIdentity.with(person) { $0.person }
    }
    #expect(Set(profiles).count == profiles.count)
    let manySeeds = (0..<50).compactMap { seed in
      SimulatedWorld(seed: seed).value(of: .linkedinURL, for: ada)
    }
    #expect(Set(manySeeds).count == manySeeds.count)
  }

  @Test(arguments: [
    ("cantwell.senate.gov", "cantwell-senate"), ("https://user@www.bbc.co.uk/x", "bbc-co"),
    ("localhost", "localhost"), ("münchen.de", "munchen"), ("//acme.com", "acme"),
    ("acme.com.", "acme"), ("WWW.Acme.COM", "acme"), ("my_site.io", "mysite"),
  ])
  func aCompanyIsNamedByItsHost(website: String, slug: String) {
    let letters = RowIdentity.with(inputs([.domain: website])) {
      String(decoding: $0.slug, as: UTF8.self)
    }
    #expect(letters == slug)
  }

  @Test(arguments: [
    ("Acme, Inc.", "acme"), ("A. O. Smith", "a-o-smith"), ("Müller & Söhne GmbH", "muller-sohne"),
    ("The Co", "the"), ("Co", "co"), ("3M", "3m"), ("AT&T", "att"),
  ])
  func aCompanyIsNamedByItsName(name: String, slug: String) {
    let letters = RowIdentity.with(inputs([.company: name])) {
      String(decoding: $0.slug, as: UTF8.self)
    }
    #expect(letters == slug)
  }

  @Test func lettersOfOtherScriptsAndEndlessNamesAreMadeIntoSafeValues() {
    let long = String(repeating: "abcdefghij", count: 30)
    for name in ["Ада Лавлейс", "王", long, "\(long) \(long)", "…", "Łukasz Żak", "Ada Jr."] {
      for company in ["", "株式会社", long, "-", "a.b.c.d"] {
        let row = inputs([.fullName: name, .company: company])
        let value = world.value(of: .workEmail, for: row)
        #expect(value.map { SyntaxValidator.isWellFormed($0, for: .workEmail) } ?? true)
      }
    }
  }

  @Test func answersDoNotDependOnOrder() throws {
    let providers = try ProviderCatalog.bundled().finders(of: .workEmail)
      .map { try SimulatedProvider($0, world: world) }
    let questions = (0..<200).map { Samples.question(.workEmail, Samples.person($0)) }
    let forwards = providers.map { provider in questions.map(provider.answer) }
    let backwards = providers.reversed().map { provider in
      questions.reversed().map(provider.answer)
    }
    #expect(forwards == backwards.reversed().map { $0.reversed() })
  }

  /// No simulated value, right or wrong, over 100 000 rows of every field leaves the safe ranges.
  @Test func noValueCanReachAnybody() throws {
    let finders = try Field.allCases.flatMap { field in
      try ProviderCatalog.bundled().finders(of: field).prefix(2).map {
        (field, try SimulatedProvider($0, world: world))
      }
    }
    var checked = 0
    for row in 0..<100_000 {
      let (field, provider) = finders[row % finders.count]
      let question = Samples.question(field, Samples.inputs(of: field, row))
      guard case .hit(let value) = provider.answer(to: question).outcome else { continue }
      checked += 1
      #expect(isSafe(value, field), "\(field): \(value)")
      #expect(SyntaxValidator.isWellFormed(value, for: field), "\(field): \(value)")
    }
    #expect(checked > 30_000)
  }

  func isSafe(_ value: String, _ field: Field) -> Bool {
    switch field {
    case .workEmail, .companyDomain: value.hasSuffix(".example")
    case .linkedinURL: value.hasPrefix("https://linkedin.example/in/")
    case .companySize: WordLists.sizes.contains(value)
    case .jobTitle: WordLists.titles.contains(value)
    case .mobilePhone:
      value.utf8.count == 13
        && (value.hasPrefix("+447700900")
          || SafeNumbers.landlines.contains { value.hasPrefix("\($0)") })
    }
  }

  @Test func rightCommonWrongAndOwnWrongValuesDiffer() {
    for field in Field.allCases {
      for row in 0..<500 {
        RowIdentity.with(Samples.inputs(of: field, row)) { identity in
          let truth = RowTruth(field, identity, .of(field), seed: world.key)
          let values = ValueMaker(field, identity, truth)
          let own = values.ownWrong(Chance.mix(UInt64(row)))
          #expect(Set([values.right, values.commonWrong, own]).count == 3)
          #expect(
            world.verdict(on: own, of: field, for: Samples.inputs(of: field, row)).verdict.kind
              == .invalid)
        }
      }
    }
  }

  @Test func everyValueOfAListIsUsedAboutAsOften() {
    for (field, kinds, rows) in [
      (Field.companySize, 8, 4_000), (.jobTitle, 48, 10_000), (.mobilePhone, 1_000, 100_000),
    ] {
      var counts: [String: Int] = [:]
      for row in 0..<rows {
        guard let value = world.value(of: field, for: Samples.inputs(of: field, row)) else {
          continue
        }
        counts[value, default: 0] += 1
      }
      #expect(counts.count == kinds)
      let usual = Double(counts.values.reduce(0, +)) / Double(kinds)
      for (value, count) in counts {
        #expect(abs(Double(count) - usual) < 6 * usual.squareRoot(), "\(value), \(Samples.seed)")
      }
    }
    let lines = (0..<2_000).map { SafeNumbers.landline(Chance.mix($0)) }
    #expect(Set(lines).count > 1_700 && Set(lines.map { $0.prefix(10) }).count == 12)
  }

  /// A run that resumes after an update of the tool must find the same world.
  @Test func aWorldStaysWhatItIs() {
    let ada = inputs([.firstName: "Ada", .lastName: "Lovelace", .domain: "acme.com"])
    let world = SimulatedWorld(seed: 4)
    let values = Field.allCases.map { world.value(of: $0, for: ada) ?? "none" }
    #expect(
      values == [
        "ada@acme.example", "+447700900809", "acme.example", "1001-5000", "Founder",
        "https://linkedin.example/in/ada-lovelace-58dcb0",
      ])
  }

  /// What the documentation of the correlation claims.
  @Test func threeProvidersTogetherFindLessThanIndependentOnesWould() throws {
    let providers = try ["a", "b", "c"].map {
      try SimulatedProvider(
        Manifest(parsing: Samples.finder($0, hit: "0.55", valid: "1"), file: $0), world: world)
    }
    let rows = 20_000
    let found = (0..<rows).count { row in
      providers.contains { provider in
        let answer = provider.answer(to: Samples.question(.workEmail, Samples.person(row)))
        if case .hit = answer.outcome { return true }
        return false
      }
    }
    let share = Double(found) / Double(rows)
    #expect((0.70..<0.79).contains(share), "\(share), seed \(Samples.seed)")
  }
}
