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
    #expect(try HeaderMapping(headers: headers).lines == lines)
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
    #expect(mapping.lines.last == "badge ← Badge")
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
      mapping.warnings == [
        "the header “Email” appears more than once; the first one is used",
        "company is taken from “Company”; “Account”, “Firma” could be meant too: "
          + "--map company=HEADER says which",
      ])
    #expect(try HeaderMapping(headers: ["Email", "Name"]).warnings.isEmpty)
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
    ("https://MÜNCHEN.de/", "münchen.de"), ("acme.com and more", "acme.com"),
  ])
  func aUrlIsReducedToItsHost(text: String, host: String) {
    #expect(InputSource(columns: [0], transform: .host).value([text]) == host)
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
