import Testing
import WaterfallCore

@testable import WaterfallProviders

/// Every kind of mistake in a manifest, with the exact message, place and remedy.
@Suite struct ManifestStrictnessTests {
  struct Mistake: Sendable, CustomTestStringConvertible {
    let wrong: String
    let right: String
    let message: String
    init(_ right: String, _ wrong: String, _ message: String) {
      (self.right, self.wrong, self.message) = (right, wrong, message)
    }
    var testDescription: String { wrong }
  }

  static let good = """
    id: alpha
    name: Alpha
    about: Finds addresses
    website: https://alpha.example
    finds:
      work_email:
        inputs: [[first_name, last_name, domain], [linkedin_url]]
        price: 0.25
        charge: found
        refund: always
        refunds_invalid: true
        cost: {dollars: 0.0245, when: called}
    verifies:
      work_email:
        price: 0.1
        free: [unknown, catch_all]
    simulation:
      finds:
        work_email:
          hit_rate: 0.5
          valid_share: 0.8
          risky_share: 0.1
          latency: {p50: 800ms, p95: 2.5s}
          faults: {timeout: 0.01, unavailable: 0.02}
      verifies:
        work_email:
          definite: 0.9
          catch_all: resolve
          latency: {p50: 1s, p95: 2s}

    """

  @Test func everyFieldOfAGoodManifestIsRead() throws {
    let manifest = try Manifest(parsing: Self.good, file: "alpha.yaml")
    #expect(manifest.id == ProviderID("alpha"))
    #expect(manifest.name == "Alpha")
    #expect(manifest.about == "Finds addresses")
    #expect(manifest.website == "https://alpha.example")
    #expect(manifest.kinds == [.simulated])
    let offer = try #require(manifest.finds[.workEmail])
    #expect(offer.inputs == [[.firstName, .lastName, .domain], [.linkedinURL]])
    #expect(offer.price == Credits(micro: 250_000))
    #expect(offer.charge == .found && offer.refund == .always && offer.refundsInvalid)
    #expect(offer.cost == ProviderCost(dollars: Money(nano: 24_500_000), when: .called))
    let verifier = try #require(manifest.verifies[.workEmail])
    #expect(verifier.price == Credits(micro: 100_000))
    #expect(!verifier.charges(Verdict(.unverified, .undetermined)))
    #expect(!verifier.charges(Verdict(.risky, .catchAll)))
    #expect(verifier.charges(.valid) && verifier.charges(Verdict(.invalid, .nonexistent)))
    let finder = try #require(manifest.simulation?.finds[.workEmail])
    #expect(finder.latency == LatencyProfile(p50: 800_000, p95: 2_500_000))
    #expect(finder.faults.failures == [0.02, 0, 0, 0, 0] && finder.faults.timeout == 0.01)
    #expect(manifest.simulation?.verifies[.workEmail]?.catchAll == .resolve)
    #expect(manifest.text == Self.good && manifest.file == "alpha.yaml")
  }

  static let mistakes: [Mistake] = [
    Mistake(
      "price: 0.25", "prise: 0.25",
      "a.yaml:8:5: unknown key “prise” in finds.work_email. Did you mean price?"),
    Mistake(
      "about:", "xyzzy:",
      "a.yaml:3:1: unknown key “xyzzy” in the document. The keys here are id, name, about, "
        + "website, finds, verifies, simulation, lookup, http, command"),
    Mistake(
      "website:", "http:",
      "a.yaml:4:7: http is “https://alpha.example”, not a mapping of keys to values"),
    Mistake(
      "website:", "command:",
      "a.yaml:4:10: command is “https://alpha.example”, not a mapping of keys to values"),
    Mistake(
      "    price: 0.25\n", "",
      "a.yaml:7:5: the key “price” is missing in finds.work_email. Add “price:”"),
    Mistake("id: alpha\n", "", "a.yaml:1:1: the key “id” is missing in the document. Add “id:”"),
    Mistake(
      "id: alpha", "id: Alpha-1",
      "a.yaml:1:5: “Alpha-1” is no name of a provider. Write at most 40 lower-case letters, "
        + "digits and underscores, from a letter on"),
    Mistake(
      "name: Alpha", "name:", "a.yaml:2:6: name is empty. Write a value or leave the key out"),
    Mistake("name: Alpha", "name: [a]", "a.yaml:2:7: name is a list, not a text"),
    Mistake(
      "name: Alpha", "id: beta",
      "a.yaml:1:1: the key “id” appears more than once in the same mapping. Keep one of them"),
    Mistake(
      "price: 0.25", "price: 1e3",
      "a.yaml:8:12: finds.work_email.price: “1e3” is not an amount: write digits with a decimal "
        + "point, like 2 or 0.25"),
    Mistake(
      "price: 0.25", "price: 0.0000001",
      "a.yaml:8:12: finds.work_email.price: “0.0000001” has more than 6 decimals"),
    Mistake(
      "price: 0.25", "price: -1",
      "a.yaml:8:12: finds.work_email.price is -1, and may not be negative"),
    Mistake(
      "dollars: 0.0245", "dollars: $1",
      "a.yaml:12:21: finds.work_email.cost.dollars: “$1” is not an amount: write digits with a "
        + "decimal point, like 2 or 0.25"),
    Mistake(
      "charge: found", "charge: fuond",
      "a.yaml:9:13: “fuond” is no charge policy. Did you mean found?"),
    Mistake(
      "refund: always", "refund: sometimes",
      "a.yaml:10:13: “sometimes” is no refund policy. Write one of always, provider, never"),
    Mistake(
      "refunds_invalid: true", "refunds_invalid: yes",
      "a.yaml:11:22: finds.work_email.refunds_invalid is “yes”, not true or false"),
    Mistake(
      "  work_email:\n    inputs", "  work_emial:\n    inputs",
      "a.yaml:6:3: unknown key “work_emial” in finds. Did you mean work_email?"),
    Mistake(
      "[linkedin_url]]", "linkedin_url]",
      "a.yaml:7:47: finds.work_email.inputs[1] is “linkedin_url”, not a list"),
    Mistake(
      "[linkedin_url]]", "[]]",
      "a.yaml:7:47: finds.work_email.inputs[1] is an empty list of inputs"),
    Mistake(
      "[linkedin_url]]", "[domain, domain]]", "a.yaml:7:56: “domain” is listed twice"),
    Mistake(
      "[linkedin_url]]", "[Domain]]",
      "a.yaml:7:48: “Domain” is no name of an input. Did you mean domain?"),
    Mistake(
      "hit_rate: 0.5", "hit_rate: 50%",
      "a.yaml:20:17: simulation.finds.work_email.hit_rate is “50%”, not a share. Write a decimal "
        + "between 0 and 1"),
    Mistake(
      "hit_rate: 0.5", "hit_rate: 1.5",
      "a.yaml:20:17: simulation.finds.work_email.hit_rate is 1.5, outside 0 to 1. Write 0.55 for "
        + "55 percent"),
    Mistake(
      "hit_rate: 0.5", "hit_rate: nan",
      "a.yaml:20:17: simulation.finds.work_email.hit_rate is “nan”, not a share. Write a decimal "
        + "between 0 and 1"),
    Mistake(
      "risky_share: 0.1", "risky_share: 0.3",
      "a.yaml:20:7: valid_share and risky_share of simulation.finds.work_email are together more "
        + "than 1"),
    Mistake(
      "hit_rate: 0.5\n      valid_share: 0.8\n      risky_share: 0.1",
      "hit_rate: 1\n      valid_share: 0.9\n      risky_share: 0.1",
      "a.yaml:20:7: simulation.finds.work_email finds valid values for more rows (hit_rate × "
        + "valid_share) than have one that can be proved: 0.8096 of all rows. Lower hit_rate or "
        + "valid_share"),
    Mistake(
      "hit_rate: 0.5\n      valid_share: 0.8\n      risky_share: 0.1",
      "hit_rate: 0.5\n      valid_share: 0.5\n      risky_share: 0.5",
      "a.yaml:20:7: simulation.finds.work_email finds risky values for more rows (hit_rate × "
        + "risky_share) than are at a catch-all domain: 0.12 of all rows. Lower hit_rate or "
        + "risky_share"),
    Mistake(
      "risky_share: 0.1", "landline_share: 0.1",
      "a.yaml:22:23: simulation.finds.work_email.landline_share has no meaning: only a phone "
        + "number has it. Leave it out"),
    Mistake(
      "p50: 800ms", "p50: 800",
      "a.yaml:23:22: simulation.finds.work_email.latency.p50 is “800”, not a duration. Write "
        + "800ms or 2.5s"),
    Mistake(
      "p50: 800ms", "p50: 0ms",
      "a.yaml:23:22: simulation.finds.work_email.latency.p50 is 0ms, outside 1 µs to 1 hour"),
    Mistake(
      "p50: 800ms", "p50: 3s",
      "a.yaml:23:16: simulation.finds.work_email.latency.p50 is greater than "
        + "simulation.finds.work_email.latency.p95"),
    Mistake(
      "timeout: 0.01", "timeouts: 0.01",
      "a.yaml:24:16: unknown key “timeouts” in simulation.finds.work_email.faults. Did you mean "
        + "timeout?"),
    Mistake(
      "timeout: 0.01", "timeout: 0.99",
      "a.yaml:24:15: the shares of simulation.finds.work_email.faults are together more than 1"),
    Mistake(
      "[unknown, catch_all]", "[unknown, unknown]", "a.yaml:16:21: “unknown” is listed twice"),
    Mistake(
      "[unknown, catch_all]", "[unknwon]",
      "a.yaml:16:12: “unknwon” is no verdict that can be free. Did you mean unknown?"),
    Mistake(
      "catch_all: resolve", "catch_all: guess",
      "a.yaml:28:18: “guess” is no handling of catch-all domains. Write one of report, unknown, "
        + "resolve"),
    Mistake(
      "verifies:\n    work_email:\n      definite", "verifies:\n    job_title:\n      definite",
      "a.yaml:18:3: verifies.work_email has no figures in simulation.verifies"),
    Mistake("finds:\n  work_email:", "finds: [work_email]\nx:", "a.yaml:6:1: unknown key “x”"),
    Mistake("name: Alpha", "name: \"Alpha", "a.yaml:"),
    Mistake("name: Alpha", "name: *nobody", "a.yaml:2:7: this is not YAML: found undefined alias"),
    Mistake("name: Alpha", "name: a\n---\nname: b", "a.yaml:3:1: this is not YAML: but found"),
  ]

  @Test(arguments: mistakes) func aMistakeIsNamedWithItsPlaceAndRemedy(mistake: Mistake) throws {
    let text = Self.good.replacing(mistake.right, with: mistake.wrong, maxReplacements: 1)
    #expect(text != Self.good, "the sample does not contain “\(mistake.right)”")
    let error = #expect(throws: UserError.self) { try Manifest(parsing: text, file: "a.yaml") }
    let words = error?.description ?? ""
    #expect(words.hasPrefix(mistake.message), "\(words)")
    if mistake.message.hasSuffix("?") || mistake.message.hasSuffix("out") {
      #expect(words == mistake.message)
    }
  }

  @Test(arguments: ["", "# nothing\n", "id", "- id", "{", "id: a\u{0}b", "\u{1b}"])
  func whatIsNoManifestIsRefused(text: String) {
    let error = #expect(throws: UserError.self) { try Manifest(parsing: text, file: "a.yaml") }
    #expect(error?.place?.hasPrefix("a.yaml") == true)
  }

  @Test func aFileLargerThanAMebibyteIsRefused() {
    let text = Self.good + String(repeating: "#", count: 1 << 20)
    let error = #expect(throws: UserError.self) { try Manifest(parsing: text, file: "a.yaml") }
    #expect(error?.message.contains("larger than 1 MiB") == true)
  }

  @Test func deepNestingIsAnErrorAndNoCrash() {
    let text = "id: " + String(repeating: "[", count: 50_000)
    #expect(throws: UserError.self) { try Manifest(parsing: text, file: "a.yaml") }
  }

  @Test func aManifestWithoutOffersOrWithoutAWayToAskIsRefused() {
    let nothing = #expect(throws: UserError.self) {
      try Manifest(parsing: "id: a\nname: A\n", file: "a.yaml")
    }
    #expect(nothing?.message == "the manifest of a offers nothing")
    let unasked = #expect(throws: UserError.self) {
      try Manifest(
        parsing: """
          id: a
          name: A
          finds:
            job_title: {inputs: [[email]], price: 1, refunds_invalid: false}
          """, file: "a.yaml")
    }
    #expect(unasked?.message == "the manifest of a does not say how the provider is asked")
  }

  @Test func aLookupIsFreeAndSaysItsFieldsItself() throws {
    let text = """
      id: mine
      name: My table
      lookup:
        file: customers.sqlite
        table: people
        keys: {domain: Domain, last_name: Surname}
        values: {work_email: Email, job_title: Title}
      """
    let manifest = try Manifest(parsing: text, file: "mine.yaml")
    #expect(manifest.kinds == [.lookup])
    #expect(Set(manifest.finds.keys) == [.workEmail, .jobTitle])
    #expect(manifest.finds[.workEmail]?.price == .zero)
    #expect(manifest.finds[.workEmail]?.inputs == [[.domain, .lastName]])
    #expect(manifest.lookup?.table == "people" && manifest.lookup?.file == "customers.sqlite")
    let error = #expect(throws: UserError.self) {
      try Manifest(
        parsing: text + "\nfinds:\n  job_title: {inputs: [[email]], price: 1}\n",
        file: "mine.yaml")
    }
    #expect(error?.place == "mine.yaml:9:3")
    #expect(error?.message.contains("it is always free") == true)
  }
}
