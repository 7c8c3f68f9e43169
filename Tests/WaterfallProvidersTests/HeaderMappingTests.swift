import Testing
import WaterfallCore

@testable import WaterfallProviders

@Suite struct HeaderMappingTests {
  @Test(
    arguments: [
      (
        "First Name,Last Name,Full Name,Website,State,Chamber,Party,Office",
        [
          "first_name ← First Name", "last_name ← Last Name", "full_name ← Full Name",
          "domain ← Website (host of the URL)",
        ]
      ),
      (
        "Symbol,Security,GICS Sector,GICS Sub-Industry,Headquarters Location,Date added,CIK,Founded",
        ["company ← Security"]
      ),
      (
        "first_name,last_name,company,domain",
        [
          "first_name ← first_name", "last_name ← last_name", "full_name ← first_name + last_name",
          "company ← company", "domain ← domain (host of the URL)",
        ]
      ),
      (
        "Name,Organisation,E-Mail,Telefon,LinkedIn Profile URL",
        [
          "first_name ← Name (first name, where it is beyond doubt)",
          "last_name ← Name (last name, where it is beyond doubt)", "full_name ← Name",
          "company ← Organisation", "linkedin_url ← LinkedIn Profile URL", "email ← E-Mail",
          "phone ← Telefon",
        ]
      ),
      (
        "Vorname,Nachname,Firma,Webseite",
        [
          "first_name ← Vorname", "last_name ← Nachname", "full_name ← Vorname + Nachname",
          "company ← Firma", "domain ← Webseite (host of the URL)",
        ]
      ),
      (
        "Prénom,Nom de famille,Entreprise",
        [
          "first_name ← Prénom", "last_name ← Nom de famille",
          "full_name ← Prénom + Nom de famille", "company ← Entreprise",
        ]
      ),
      (
        "GivenName,Surname",
        ["first_name ← GivenName", "last_name ← Surname", "full_name ← GivenName + Surname"]
      ),
      (
        "Account Name,Company URL",
        ["company ← Account Name", "domain ← Company URL (host of the URL)"]
      ),
      ("Security,Issuer,Company Name", ["company ← Company Name"]),
      ("\u{feff}Domain", ["domain ← Domain (host of the URL)"]),
      ("Last Name", ["last_name ← Last Name"]),
      ("a,b,", []),
    ] as [(String, [String])])
  func headersOfManyKindsAreUnderstood(header: String, lines: [String]) throws {
    let headers = header.split(separator: ",", omittingEmptySubsequences: false).map(String.init)
    let mapping = try HeaderMapping(headers: headers)
    #expect(mapping.lines(of: Set(InputName.wellKnown)) == lines)
    #expect(mapping.lines(of: []).isEmpty)
  }

  @Test func theUsersWordWinsAndAMisspeltHeaderIsSuggested() throws {
    let headers = ["Company", "Website", "Landing Page", "Badge"]
    let mapping = try HeaderMapping(
      headers: headers,
      overrides: [
        InputOverride(option: "domain=Landing Page"), InputOverride(option: "badge=badge"),
      ])
    #expect(mapping.inputs[.domain] == InputSource(columns: [2], transform: .host))
    #expect(mapping.inputs[InputName("badge")] == InputSource(columns: [3], transform: .trimmed))
    #expect(mapping.lines(of: [.domain, InputName("badge")]).last == "badge ← Badge")
    #expect(mapping.lines(of: [.domain]) == ["domain ← Landing Page (host of the URL)"])
    let error = #expect(throws: UserError.self) {
      try HeaderMapping(headers: headers, overrides: [InputOverride(option: "domain=Wesbite")])
    }
    #expect(
      error?.description
        == "--map domain=Wesbite: the sheet has no header “Wesbite”. Did you mean Website?")
    let far = #expect(throws: UserError.self) {
      try HeaderMapping(headers: ["A", "B"], overrides: [InputOverride(option: "domain=Zebra")])
    }
    #expect(far?.remedy == "Its headers are “A”, “B”")
  }

  @Test func aLaterOverrideWins() throws {
    let mapping = try HeaderMapping(
      headers: ["A", "B"],
      overrides: [InputOverride(option: "email=A"), InputOverride(option: "email=B")])
    #expect(mapping.inputs[.email]?.columns == [1])
  }

  @Test func repeatedAndAmbiguousHeadersAreReported() throws {
    let mapping = try HeaderMapping(headers: ["Email", "Email", "Account", "Company", "Firma"])
    #expect(mapping.inputs[.email]?.columns == [0])
    #expect(mapping.inputs[.company]?.columns == [3])
    #expect(
      mapping.warnings(of: [.company, .email]) == [
        "the header “Email” appears more than once; the first one is used",
        "company is taken from “Company”; “Account”, “Firma” could be meant too: "
          + "--map company=HEADER says which",
      ])
    #expect(
      mapping.warnings(of: [.email])
        == ["the header “Email” appears more than once; the first one is used"])
    let known = Set(InputName.wellKnown)
    #expect(try HeaderMapping(headers: ["Email", "Name"]).warnings(of: known).isEmpty)
  }

  @Test(
    arguments: [
      (Field.workEmail, ["Email", "Work Email"], 1), (.workEmail, ["name", "work_email"], 1),
      (.workEmail, ["Email"], 0), (.mobilePhone, ["Phone", "Mobile"], 1),
      (.mobilePhone, ["Phone"], nil),
      (.companyDomain, ["Website"], nil), (.companyDomain, ["Company Domain"], 0),
      (.companySize, ["# Employees"], 0), (.jobTitle, ["Title"], 0), (.jobTitle, ["Titles"], nil),
      (.linkedinURL, ["LinkedIn"], 0),
    ] as [(Field, [String], Int?)])
  func aColumnThatIsAlreadyThereIsFound(field: Field, headers: [String], column: Int?) throws {
    #expect(try HeaderMapping(headers: headers).existing[field] == column)
  }

  @Test(arguments: [
    ("https://www.cantwell.senate.gov", "cantwell.senate.gov"), ("acme.com", "acme.com"),
    (" HTTP://User:pw@WWW.Acme.com:8080/a/b?c#d ", "acme.com"), ("acme.com/about", "acme.com"),
    ("www.acme.co.uk", "acme.co.uk"), ("//acme.com/x", "acme.com"), ("acme.com.", "acme.com"),
    ("https://acme.com?x=//y", "acme.com"), ("", ""), ("  ", ""), ("https://", ""),
    ("www.com", "www.com"), ("wwwacme.com", "wwwacme.com"), ("n/a", ""), ("localhost", ""),
    ("info@acme.com", "acme.com"),
    ("https://MÜNCHEN.de/", "münchen.de"), ("acme.com:443", "acme.com"),
    ("https://acme.com/about us", "acme.com"), ("acme.com#team", "acme.com"),
    ("http://ada:secret@acme.com/", "acme.com"), ("mailto:ada@acme.com", "acme.com"),
    ("xn--mnchen-3ya.de", "xn--mnchen-3ya.de"), ("ACME.COM ", "acme.com"),
  ])
  func aUrlIsReducedToItsHost(text: String, host: String) {
    #expect(InputSource(columns: [0], transform: .host).value([text]) == host)
  }

  /// What does not plainly name one site would be paid for, and nobody could answer.
  @Test(arguments: [
    "ACME.COM;beta.com", "acme.com, beta.com", "acme.com beta.com",
    "acme.com|beta.com", "acme.com and more", "acme.com (main site)", "Acme, Inc.", "Acme Inc.",
    "http://", "acme..com", ".com", "-acme.com", "acme-.com", "my_shop.com",
    "192.168.0.1", "http://10.0.0.1/x", "acme.123", "n/a", "N/A", "-", "unknown", "none", "tbd",
    "#N/A", "?", "@", "a@b", "ada@", "ada@gmail.com", "Ada@GMAIL.com", "ada@yahoo.co.uk",
    "ada@gmx.de", "ada@live.com", "mailto:ada@web.de", "a@acme.com, b@beta.com",
    "linkedin.com/company/acme", "https://www.linkedin.com/in/ada/", "uk.linkedin.com/in/ada",
    "https://facebook.com/acme", "m.facebook.com/acme", "https://x.com/acme", "twitter.com/acme/",
    "instagram.com/acme", "https://www.youtube.com/@acme", "\u{0}", "acme.com\u{0}beta",
    "\(String(repeating: "a", count: 64)).com",
  ])
  func whatIsNoSiteGivesNoDomain(text: String) {
    #expect(InputSource(columns: [0], transform: .host).value([text]) == "")
  }

  @Test(arguments: [
    ("linkedin.com", "linkedin.com"), ("https://www.facebook.com/", "facebook.com"),
    ("ada@outlook.acme.com", "outlook.acme.com"), ("ada@yahoo-inc.com", "yahoo-inc.com"),
    ("gmail.com", "gmail.com"), ("https://acme.com/linkedin.com/company", "acme.com"),
    ("notlinkedin.com/in/x", "notlinkedin.com"), ("netflix.com/acme", "netflix.com"),
  ])
  func sitesThatOnlyResembleThemAreSites(text: String, host: String) {
    #expect(InputSource(columns: [0], transform: .host).value([text]) == host)
  }

  @Test(arguments: Placeholder.words.sorted())
  func placeholdersAreNoValues(word: String) throws {
    for text in [word, word.uppercased(), "  \(word) "] {
      #expect(Placeholder.matches(text))
      for input in [InputName.email, .phone, .domain, .linkedinURL] {
        let mapping = try HeaderMapping(headers: [input.rawValue])
        #expect(mapping.inputs[input]?.value([text]) == "", "\(input): \(text)")
      }
    }
    #expect(word.utf8.count <= Placeholder.longest)
    #expect(!Placeholder.matches(word + "x") || Placeholder.words.contains(word + "x"))
  }

  /// A surname can be Na, and a company None.
  @Test(arguments: ["Na", "None", "Unknown", "-", "N/A", "Null"])
  func namesAndCompaniesAreTakenAsTheyAre(word: String) throws {
    for input in [InputName.firstName, .lastName, .fullName, .company] {
      let mapping = try HeaderMapping(headers: [input.rawValue])
      #expect(mapping.inputs[input]?.value([word]) == word, "\(input)")
    }
    let own = try HeaderMapping(
      headers: ["Badge"], overrides: [InputOverride(option: "badge=Badge")])
    #expect(own.inputs[InputName("badge")]?.value([word]) == word)
    #expect(Field.allCases.filter { !Placeholder.canStand(for: $0) } == [.jobTitle])
  }

  @Test func ordinaryValuesAreNoPlaceholders() {
    for value in [
      "", " ", "ada@acme.com", "+1555", "acme.com", "11-50", "0", "n/a@acme.com", "nan.com",
      String(repeating: " ", count: 40) + "x",
    ] {
      #expect(!Placeholder.matches(value), "“\(value)”")
    }
    #expect(Placeholder.matches(String(repeating: " ", count: 40) + "N/A"))
  }

  @Test(arguments: [
    ("Ada Lovelace", "Ada", "Lovelace"), ("  Ada   Lovelace ", "Ada", "Lovelace"),
    ("John F. Kennedy", "John", "Kennedy"), ("John F Kennedy", "John", "Kennedy"),
    ("Dr. Ada Lovelace", "Ada", "Lovelace"), ("Martin King Jr.", "Martin", "King"),
    ("Martin King, Jr.", "Martin", "King"), ("Robert Scott III", "Robert", "Scott"),
    ("Ludwig van Beethoven", "Ludwig", "van Beethoven"), ("Juan de la Cruz", "Juan", "de la Cruz"),
    ("Lovelace, Ada", "Ada", "Lovelace"), ("van Dyke, Dick M.", "Dick", "van Dyke"),
    ("José Núñez", "José", "Núñez"),
  ])
  func aFullNameIsSplitWhereItIsBeyondDoubt(text: String, first: String, last: String) {
    #expect(InputSource(columns: [0], transform: .firstName).value([text]) == first)
    #expect(InputSource(columns: [0], transform: .lastName).value([text]) == last)
  }

  @Test(arguments: [
    "", " ", "Ada", "Mary Ann Smith", "Gabriel García Márquez", "J. Smith", "Ada L.", "A, B, C",
    ",",
    "Lovelace,", "Smith, Mary Ann",
  ])
  func anyOtherFullNameIsNotSplit(text: String) {
    #expect(FullName(text) == nil)
  }

  @Test func joinedNamesNeedBothParts() {
    let source = InputSource(columns: [0, 1], transform: .joined)
    #expect(source.value([" Ada ", "Lovelace"]) == "Ada Lovelace")
    #expect(source.value(["Ada", " "]) == "" && source.value(["", "Lovelace"]) == "")
    #expect(InputSource(columns: [0], transform: .trimmed).value(["\u{a0}x y\t"]) == "x y")
  }
}
