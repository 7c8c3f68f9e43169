import Testing
import WaterfallCore

@testable import WaterfallProviders

@Suite struct CatalogTests {
  @Test func everyFieldHasProvidersVerifiersAndARecipe() throws {
    let catalog = try ProviderCatalog.bundled()
    #expect(catalog.all.count >= 16)
    for field in Field.allCases {
      #expect(catalog.finders(of: field).count >= 3, "\(field)")
      let recipe = try catalog.recipe(for: field)
      #expect(recipe.steps.count >= 3 && recipe.accept == .valid)
      for step in recipe.steps { #expect(catalog.manifests[step]?.finds[field] != nil) }
    }
    #expect(catalog.verifiers(of: .workEmail).count >= 3)
    #expect(catalog.finders(of: .workEmail).count >= 10)
    #expect(catalog.finders(of: .mobilePhone).count >= 5)
  }

  /// The prices that the providers themselves publish.
  @Test(arguments: [
    ("hunter", Field.workEmail, "1"), ("findymail", .mobilePhone, "10"),
    ("prospeo", .mobilePhone, "10"), ("leadmagic", .mobilePhone, "5"),
    ("datagma", .mobilePhone, "30"), ("pdl", .companySize, "1"), ("dropcontact", .workEmail, "1"),
  ])
  func pricesAreTheProvidersOwn(id: String, field: Field, price: String) throws {
    let offer = try ProviderCatalog.bundled().manifest(id).finds[field]
    #expect(try offer?.price == Credits(parsing: price))
  }

  @Test(arguments: [
    ("hunter", "0.5", 0), ("icypeas", "0.1", 0), ("leadmagic", "0.25", 1), ("zerobounce", "1", 1),
    ("millionverifier", "1", 2),
  ])
  func verifiersChargeAsTheySay(id: String, price: String, free: Int) throws {
    let offer = try ProviderCatalog.bundled().manifest(id).verifies[.workEmail]
    #expect(try offer?.price == Credits(parsing: price))
    #expect(offer?.free.count == free)
  }

  @Test func filesAreNamedByTheirProvider() throws {
    for named in ProviderCatalog.bundledManifests {
      let manifest = try Manifest(parsing: named.text, file: named.name)
      #expect(named.name == "providers/\(manifest.id).yaml")
      #expect(manifest.digest.utf8.count == 64)
    }
  }

  @Test func aRunIsReadAgainFromItsTexts() throws {
    let bundled = try ProviderCatalog.bundled()
    let texts = bundled.all.map { NamedText(name: $0.file, text: $0.text) }
    let again = try ProviderCatalog(manifests: texts)
    #expect(again.all == bundled.all)
    #expect(again.recipes.isEmpty)
  }

  @Test func theUsersManifestReplacesABundledOneAndIsReported() throws {
    let mine = [
      NamedText(name: "my/hunter.yaml", text: Samples.finder("hunter")),
      NamedText(name: "my/alpha.yaml", text: Samples.finder("alpha")),
    ]
    let catalog = try ProviderCatalog.bundled().adding(mine)
    #expect(catalog.overridden == [ProviderID("hunter")])
    #expect(try catalog.manifest("hunter").finds[.workEmail]?.price == Credits(micro: 250_000))
    #expect(try catalog.manifest("alpha").file == "my/alpha.yaml")
    #expect(try catalog.recipe(for: .workEmail).steps.contains(ProviderID("hunter")))
  }

  @Test func twoManifestsOfTheUserWithOneIdAreRefused() {
    let texts = ["a.yaml", "b.yaml"].map { NamedText(name: $0, text: Samples.finder()) }
    let error = #expect(throws: UserError.self) {
      try ProviderCatalog.bundled().adding(texts)
    }
    #expect(
      error?.description
        == "a.yaml and b.yaml: two manifests have the id alpha. Give one of them another id")
  }

  @Test func unknownNamesAreSuggested() throws {
    let catalog = try ProviderCatalog.bundled()
    let unknown = #expect(throws: UserError.self) {
      try catalog.manifest("huntr", place: "w.yaml:3:7")
    }
    #expect(
      unknown?.description == "w.yaml:3:7: there is no provider “huntr”. Did you mean hunter?")
    let far = #expect(throws: UserError.self) { try catalog.manifest("qqqqqqqq") }
    #expect(
      far?.remedy == "“waterfall providers list” names them all; a manifest of your own is named "
        + "with --providers FILE")
    let other = #expect(throws: UserError.self) {
      try catalog.finder("hunter", of: .mobilePhone)
    }
    #expect(other?.message == "hunter does not find mobile_phone")
    #expect(other?.remedy?.contains("findymail") == true)
    let judge = #expect(throws: UserError.self) {
      try catalog.verifier("zerobounce", of: .jobTitle)
    }
    #expect(judge?.remedy == "No provider does")
    let field = #expect(throws: UserError.self) { try Field.named("work_mail") }
    #expect(field?.description == "there is no field “work_mail”. Did you mean work_email?")
  }

  @Test(arguments: [
    (
      "recipes:\n  work_email: {steps: [alpah]}",
      "r.yaml:2:24: “alpah” is no finder of work_email. Did you mean alpha?"
    ),
    (
      "recipes:\n  work_email: {steps: []}",
      "r.yaml:2:15: recipes.work_email.steps is an empty list"
    ),
    ("recipes:\n  work_email: {steps: [alpha, alpha]}", "r.yaml:2:31: alpha is asked twice"),
    (
      "recipes:\n  work_email: {steps: [alpha], verify: alpha}",
      "r.yaml:2:40: “alpha” is no verifier of work_email. Write one of "
    ),
    (
      "recipes:\n  work_email: {steps: [alpha], accept: all}",
      "r.yaml:2:40: “all” is no acceptance rule. Write one of valid, not_invalid, risky"
    ),
    ("recipe: {}", "r.yaml:1:1: unknown key “recipe” in the document. Did you mean recipes?"),
  ])
  func recipesAreReadStrictly(text: String, message: String) {
    let error = #expect(throws: UserError.self) {
      try ProviderCatalog(
        manifests: [NamedText(name: "a.yaml", text: Samples.finder())],
        recipes: [NamedText(name: "r.yaml", text: text)])
    }
    #expect(error?.description.hasPrefix(message) == true, "\(error?.description ?? "")")
  }
}
