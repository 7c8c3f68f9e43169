import Testing
import WaterfallCore

@testable import WaterfallProviders

/// Which key is used, and what is said where there is none.
@Suite struct KeyRingTests {
  static let hunter = ProviderID("hunter")

  /// Prints the command itself.
  struct Echo: KeyCommands {
    func run(_ command: String) -> KeyCommandResult {
      KeyCommandResult(.exited(0), output: Array(command.utf8))
    }
  }

  func ring(
    _ variables: [String: String], _ yaml: String? = nil, _ redaction: Redaction = Redaction()
  ) throws -> KeyRing {
    let file = try yaml.map { try KeyFile(parsing: $0, name: "keys.yaml") }
    return KeyRing(
      variables: KeyVariables(variables), file: file ?? KeyFile(name: "keys.yaml"),
      commands: Echo(), redaction: redaction)
  }

  @Test func theUsersOwnKeyWins() throws {
    let managed = ["WATERFALL_MANAGED_KEY_HUNTER": "operators"]
    let own = ["WATERFALL_KEY_HUNTER": "mine"]
    #expect(try ring([:]).source(of: Self.hunter) == nil)
    #expect(try ring(managed).source(of: Self.hunter) == .managed)
    #expect(try ring(managed.merging(own) { $1 }).source(of: Self.hunter) == .own)
    #expect(try ring(managed, "own: {hunter: {command: print}}").source(of: Self.hunter) == .own)
    #expect(try ring([:], "managed: {hunter: filed}").source(of: Self.hunter) == .managed)
    #expect(try ring(["WATERFALL_KEY_HUNTER": ""]).source(of: Self.hunter) == nil)
  }

  @Test func variablesComeBeforeTheFile() throws {
    let yaml = "own: {hunter: filed}\nmanaged: {hunter: {command: printed}}"
    let file = try ring([:], yaml)
    #expect(try file.secret(of: Self.hunter, .own).reveal() == "filed")
    #expect(try file.secret(of: Self.hunter, .managed).reveal() == "printed")
    let variable = try ring(["WATERFALL_KEY_HUNTER": " mine\n"], yaml)
    #expect(try variable.secret(of: Self.hunter, .own).reveal() == "mine")
    #expect(try variable.secret(of: Self.hunter, .managed).reveal() == "printed")
  }

  @Test func aMissingKeySaysHowToSetIt() throws {
    let ring = try ring(["WATERFALL_KEY_HUNTER": "mine"])
    let managed = #expect(throws: UserError.self) { try ring.secret(of: Self.hunter, .managed) }
    #expect(
      managed?.description
        == "keys.yaml: there is no managed key of hunter. Set it: waterfall keys "
        + "set hunter --managed, or export WATERFALL_MANAGED_KEY_HUNTER=…. Nothing was charged.")
    let own = #expect(throws: UserError.self) { try ring.secret(of: ProviderID("pdl"), .own) }
    #expect(
      own?.description
        == "keys.yaml: there is no own key of pdl. Set it: waterfall keys set pdl, or "
        + "export WATERFALL_KEY_PDL=…. Nothing was charged.")
  }

  @Test(arguments: ["sk_42\nsk_43", "sk_42\u{7}", String(repeating: "sk_42", count: 1000), " "])
  func aVariableThatHoldsNoKeyIsNamedWithoutIt(text: String) throws {
    let ring = try ring(["WATERFALL_KEY_HUNTER": text])
    let error = #expect(throws: UserError.self) { try ring.secret(of: Self.hunter, .own) }
    #expect(error?.place == "WATERFALL_KEY_HUNTER")
    #expect(error?.description.contains("sk_42") == false)
    #expect(error?.remedy != nil)
    if text == " " {
      #expect(
        error?.description
          == "WATERFALL_KEY_HUNTER: the key is nothing but blanks. Put the key alone into it: "
          + "export WATERFALL_KEY_HUNTER=…, or unset it.")
    }
  }

  @Test func keysAreTakenOutOfTextsOnceTheyAreUsed() throws {
    let redaction = Redaction()
    let ring = try ring(
      ["WATERFALL_KEY_HUNTER": "variable-1"], "own: {pdl: filed-2, apollo: {command: printed-3}}",
      redaction)
    let text = "variable-1 filed-2 printed-3"
    #expect(redaction.cleaned(text) == text)
    for id in ["hunter", "pdl", "apollo"] { _ = try ring.secret(of: ProviderID(id), .own) }
    #expect(redaction.cleaned(text) == "<key of hunter> <key of pdl> <key of apollo>")
  }

  @Test func everyKeyIsListedWithItsPlace() throws {
    let ring = try ring(
      [
        "WATERFALL_KEY_HUNTER": "a", "WATERFALL_MANAGED_KEY_PDL": "b", "WATERFALL_KEY_": "c",
        "WATERFALL_KEY_EMPTY": "", "WATERFALL_KEY_lower": "d", "WATERFALL_KEYS": "e", "PATH": "f",
      ], "own: {hunter: g, apollo: {command: pass apollo}}\nmanaged: {hunter: h}")
    func origin(
      _ id: String, _ source: KeySource, _ place: KeyOrigin.Place, _ isUsed: Bool = true
    ) -> KeyOrigin {
      KeyOrigin(provider: ProviderID(id), source: source, place: place, isUsed: isUsed)
    }
    #expect(
      ring.origins == [
        origin("apollo", .own, .command("pass apollo", file: "keys.yaml")),
        origin("hunter", .own, .variable("WATERFALL_KEY_HUNTER")),
        origin("hunter", .own, .file("keys.yaml"), false),
        origin("hunter", .managed, .file("keys.yaml")),
        origin("pdl", .managed, .variable("WATERFALL_MANAGED_KEY_PDL")),
      ])
  }
}
