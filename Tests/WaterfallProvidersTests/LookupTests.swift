import Synchronization
import Testing
import WaterfallCore

@testable import WaterfallProviders

@Suite struct LookupTests {
  struct Table: LookupTable {
    var rows: [[String]: String] = [:]
    var isBroken = false
    func value(forKeys keys: [String]) throws -> String? {
      if isBroken { throw UserError(.io, "the disk is gone") }
      return rows[keys]
    }
  }

  static let text = """
    id: mine
    name: Mine
    lookup:
      file: crm.csv
      keys: {last_name: Surname, domain: Domain}
      values: {work_email: Email}
    """

  func answer(_ table: Table, _ inputs: Inputs, _ field: Field = .workEmail) throws -> Answer? {
    let provider = try LookupProvider(Manifest(parsing: Self.text, file: "m.yaml")) {
      lookup, field in
      #expect(lookup.file == "crm.csv" && field == .workEmail)
      return table
    }
    #expect(provider.isHarmless)
    let replies = Mutex<[Answer]>([])
    provider.ask(Samples.question(field, inputs)) { answer in
      replies.withLock { $0.append(answer) }
    }
    let all = replies.withLock { $0 }
    #expect(all.count == 1)
    return all.first
  }

  func row(_ last: String, _ domain: String) -> Inputs {
    Inputs(names: [.domain, .lastName], values: [domain, last])
  }

  @Test func keysAreTrimmedLowerCasedAndInTheManifestsOrder() throws {
    let table = Table(rows: [["lovelace", "acme.com"]: " ada@acme.com "])
    #expect(try answer(table, row(" LoveLace", "ACME.com "))?.outcome == .hit("ada@acme.com"))
    #expect(try answer(table, row("Byron", "acme.com"))?.outcome == .miss)
    #expect(try answer(table, row("", "acme.com"))?.outcome == .failure(.refused))
    #expect(try answer(table, row(" ", "acme.com"))?.outcome == .miss)
    #expect(
      try answer(table, row("Lovelace", "acme.com"), .jobTitle)?.outcome == .failure(.refused))
  }

  @Test func anEmptyValueIsAMissAndAnErrorAFailure() throws {
    #expect(
      try answer(Table(rows: [["a", "b"]: "  "]), row("a", "b"))?.outcome == .miss)
    #expect(
      try answer(Table(isBroken: true), row("a", "b"))?.outcome == .failure(.unavailable))
  }

  @Test func openingATableMayFail() throws {
    let manifest = try Manifest(parsing: Self.text, file: "m.yaml")
    #expect(throws: UserError.self) {
      try LookupProvider(manifest) { _, _ in throw UserError(.io, "no such file") }
    }
    let other = try Manifest(parsing: Samples.finder(), file: "a.yaml")
    #expect(throws: UserError.self) { try LookupProvider(other) { _, _ in Table() } }
    #expect(throws: UserError.self) {
      try SimulatedProvider(manifest, world: SimulatedWorld(seed: 1))
    }
    #expect(throws: UserError.self) {
      try SimulatedVerifier(other, world: SimulatedWorld(seed: 1))
    }
  }
}
