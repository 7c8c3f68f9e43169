import CSVCodec
import Foundation
import Synchronization
import TestSupport
import Testing
import WaterfallCore
import WaterfallLedger
import WaterfallProviders

@testable import WaterfallRuns

/// From a request to a pinned plan, and from the plan to a run.
@Suite struct PlanningTests {
  static func finder(_ id: String, _ field: Field, inputs: String, price: String = "2") -> NamedText
  {
    NamedText(
      name: "\(id).yaml",
      text: """
        id: \(id)
        name: \(id)
        finds:
          \(field):
            inputs: \(inputs)
            price: \(price)
            refunds_invalid: false
        simulation:
          finds:
            \(field):
              hit_rate: 0.6
              valid_share: 1
              latency: {p50: 1s, p95: 1s}
              faults: {}
        """)
  }

  static let mine = NamedText(
    name: "tables/mine.yaml",
    text: """
      id: mine
      name: Mine
      lookup:
        file: crm.csv
        keys: {domain: Domain}
        values: {work_email: Email}
      """)

  static let judge = NamedText(
    name: "judge.yaml",
    text: """
      id: judge
      name: Judge
      verifies:
        work_email:
          price: 0.5
          free: [unknown]
          cost: {dollars: 0.008}
      simulation:
        verifies:
          work_email:
            definite: 1
            catch_all: report
            latency: {p50: 1s, p95: 1s}
      """)

  static func planner() throws -> RunPlanner {
    let catalog = try ProviderCatalog(manifests: [
      finder("domains", .companyDomain, inputs: "[[company]]", price: "0.25"),
      finder("mails", .workEmail, inputs: "[[full_name, domain], [linkedin_url]]"),
      finder("sizes", .companySize, inputs: "[[domain]]"), mine, judge,
    ])
    return RunPlanner(catalog: catalog) { $0.rawValue == "sizes" ? .own : nil }
  }

  struct Table: LookupTable {
    func value(forKeys keys: [String]) throws -> String? {
      keys == ["acme.com"] ? "Ada@acme.com" : nil
    }
  }

  static let opened = Mutex<[String]>([])

  static let surroundings = RunSurroundings(
    makeCondition: { expression, header, name in
      let parts = expression.split(separator: "!").map(String.init)
      guard parts.count == 2, let column = header.firstIndex(of: parts[0]) else {
        throw UserError(.usage, "\(name): there is no such column")
      }
      return TextCondition(column: column, forbidden: parts[1])
    },
    openLookup: { lookup, field, folder in
      opened.withLock { $0.append("\(folder)/\(lookup.file) \(field)") }
      return Table()
    },
    access: { provider, _, _ in throw UserError(.fault, "nobody is asked over HTTP here") })

  static func column(
    _ field: Field, _ steps: String..., change: (inout ColumnRequest) -> Void = { _ in }
  )
    -> ColumnRequest
  {
    var column = ColumnRequest(field: field, place: "waterfall.yaml:3:5")
    column.steps = steps.map { StepRequest(provider: $0, place: "waterfall.yaml:4:7") }
    change(&column)
    return column
  }

  static func request(_ columns: ColumnRequest...) -> Configuration {
    var request = Configuration()
    request.columns = columns
    request.seed = .max
    return request
  }

  /// Prepares and runs a request over a sheet; resumed from its JSON, it prepares alike.
  private func prepare(
    _ sheet: String, _ request: Configuration, isSimulated: Bool = true,
    delimiter: CSVDelimiter? = nil, _ body: (PreparedRun, String) throws -> Void = { _, _ in }
  ) throws {
    let directory = try TemporaryFolder()
    defer { directory.remove() }
    let path = directory.path("leads.csv")
    try sheet.write(toFile: path, atomically: true, encoding: .utf8)
    let prepared = try PreparedRun(
      request, isSimulated: isSimulated, path: path,
      options: CSVReaderOptions(delimiter: delimiter),
      output: path + ".out", directory: "/elsewhere", planner: Self.planner(),
      surroundings: Self.surroundings)
    let again = try RunPlan(json: prepared.plan.json())
    #expect(again == prepared.plan)
    _ = try PreparedRun(resuming: again, path: nil, surroundings: Self.surroundings)
    try body(prepared, path)
  }

  private func run(_ prepared: PreparedRun) throws -> (MemoryJournal, MemoryOutput, RunEnding) {
    let lot = Lot(
      id: LotID(rawValue: 1), kind: .trial, issued: Credits(100), granted: Scenario.now)
    let journal = try MemoryJournal(lots: [lot])
    let output = MemoryOutput()
    let ending = try prepared.run(
      Scenario.run, workspace: "test", journal: journal, book: journal.book(), sink: output,
      scratchDirectory: FileManager.default.temporaryDirectory.path, clock: { Scenario.now },
      stop: StopSignal())
    return (journal, output, ending)
  }

  private func failure(
    _ sheet: String, _ request: Configuration, isSimulated: Bool = true,
    delimiter: CSVDelimiter? = nil
  ) throws -> UserError? {
    do {
      try prepare(sheet, request, isSimulated: isSimulated, delimiter: delimiter)
      return nil
    } catch let error as UserError {
      return error
    }
  }

  static let sheet = "Full Name,Company,Note\nAda Lovelace,Acme,x\nBob Stone,Initech,y\n"

  // MARK: What cannot be planned

  @Test func missingInputsNameTheHeadersAndTheRemedy() throws {
    let error = try #require(
      try failure("Who,Note\nAda,x\n", Self.request(Self.column(.workEmail, "mails"))))
    #expect(error.code == .input)
    #expect(
      error.message
        == "the sheet has no column for what work_email needs: full_name + domain, "
        + "or linkedin_url")
    #expect(error.place?.hasSuffix("leads.csv") == true)
    #expect(
      error.remedy
        == "Its headers are “Who”, “Note”. None of them is known as an input; where one holds it "
        + "under another name, say so: --map INPUT=HEADER.")
    let nearly = try failure(
      "Full Name,Note\nAda,x\n", Self.request(Self.column(.workEmail, "mails")))
    #expect(
      nearly?.remedy
        == "Its headers are “Full Name”, “Note”. What is lacking is domain; where a header holds "
        + "that under another name, say so: --map domain=HEADER.")
    let stranger = try failure("Phone,Note\n1,x\n", Self.request(Self.column(.workEmail, "mails")))
    #expect(stranger?.remedy?.contains("What is lacking is linkedin_url;") == true)
  }

  @Test func aHeaderInOnePieceHasAnotherDelimiter() throws {
    let error = try #require(
      try failure(
        "Full Name;Domain|x;Note\nAda;acme.com;x\n", Self.request(Self.column(.workEmail, "mails")),
        delimiter: .comma))
    #expect(error.message == "the sheet has a single column, “Full Name;Domain|x;Note”")
    #expect(error.remedy?.hasSuffix("another delimiter: --delimiter semicolon.") == true)
    let single = try failure("Colour\nred\n", Self.request(Self.column(.workEmail, "mails")))
    #expect(single?.message.hasPrefix("the sheet has no column for") == true)
  }

  @Test func unknownNamesAreSuggested() throws {
    let misspelt = try #require(
      try failure(Self.sheet, Self.request(Self.column(.workEmail, "mailz"))))
    #expect(misspelt.place == "waterfall.yaml:4:7")
    #expect(misspelt.remedy == "Did you mean mails?")
    let wrong = try #require(
      try failure(Self.sheet, Self.request(Self.column(.workEmail, "sizes"))))
    #expect(wrong.message == "sizes does not find work_email")
    var mapped = Self.request(Self.column(.companyDomain, "domains"))
    mapped.map = [InputOverride(input: .company, header: "Compani")]
    #expect(try failure(Self.sheet, mapped)?.remedy == "Did you mean Company?")
  }

  @Test func nothingToDoIsRefused() throws {
    #expect(try failure(Self.sheet, Configuration())?.code == .usage)
    let twice = Self.request(
      Self.column(.companyDomain, "domains"), Self.column(.companyDomain, "domains"))
    #expect(try failure(Self.sheet, twice)?.message == "two columns are named “company_domain”")
  }

  @Test func whatCannotBeAskedIsRefused() throws {
    let live = try #require(
      try failure(
        Self.sheet, Self.request(Self.column(.companyDomain, "domains")), isSimulated: false))
    #expect(live.message == "domains can only be simulated: its manifest has no “http” section")
    let sheet = "Company\nAcme\n"
    let condition = Self.request(Self.column(.companyDomain, "domains") { $0.condition = "Nope!x" })
    let option = try #require(try failure(sheet, condition))
    #expect(option.code == .usage && option.place == nil)
    #expect(option.message == "where: there is no such column")
    let filed = Self.request(
      Self.column(.companyDomain, "domains") {
        $0.steps?[0].condition = "Nope!x"
        $0.steps?[0].conditionPlace = "waterfall.yaml:7:15"
      })
    let file = try #require(try failure(sheet, filed))
    #expect(file.code == .input && file.place == "waterfall.yaml:7:15")
    #expect(file.message == "when: there is no such column")
  }

  @Test func twoColumnsInOnePlaceAreRefused() throws {
    let request = Self.request(
      Self.column(.companyDomain, "domains"),
      Self.column(.companyDomain, "domains") { $0.name = "Company Domain" })
    let error = try #require(try failure("Company,Company Domain\nAcme,\n", request))
    #expect(
      error.message
        == "company_domain and Company Domain would both go into “Company Domain”")
  }

  @Test func aPlanOfAnotherVersionIsRefused() {
    #expect(throws: UserError.self) { try RunPlan(json: "{\"columns\": []}") }
  }

  // MARK: What runs

  @Test func anEarlierColumnFeedsALaterOne() throws {
    let request = Self.request(
      Self.column(.companyDomain, "domains"), Self.column(.workEmail, "mails"),
      Self.column(.companySize, "sizes"))
    let people = (0..<60).map { "Ada Stone\($0),Company \($0),x\n" }.joined()
    try prepare("Full Name,Company,Note\n" + people, request) { prepared, _ in
      #expect(prepared.program.columns.map(\.inputs.count) == [1, 3, 1])
      let (journal, output, ending) = try run(prepared)
      #expect(ending.state == .done)
      #expect(output.isFinished)
      let rows = Dictionary(grouping: journal.now.attempts.values) { $0.id.cell.row }
      var chained = 0
      for records in rows.values {
        let byColumn = records.sorted { $0.id.isBefore($1.id) }
        let values = byColumn.map { $0.isAccepted ? $0.value : nil }
        guard let domain = values[0] else {
          #expect(byColumn.dropFirst().allSatisfy { $0.kind == .skipped(.missingInput) })
          continue
        }
        #expect(byColumn[2].keySource == .own)
        guard let mail = values[1] else { continue }
        chained += 1
        #expect(mail.hasSuffix("@" + domain), "the address is of the domain that was found")
        #expect(output.text.contains("\(domain),\(mail),"))
      }
      #expect(chained > 10)
      try expectLawful(journal, "chained")
    }
  }

  @Test func aFieldCanFillTwoColumnsWithNamesAndInputsOfTheirOwn() throws {
    let request = Self.request(
      Self.column(.companyDomain, "domains") { $0.name = "buyer_domain" },
      Self.column(.companyDomain, "domains") {
        $0.name = "seller_domain"
        $0.inputs = [InputOverride(input: .company, header: "Seller")]
      })
    let rows = (0..<40).map { "Buyer \($0),Seller \($0)\nSame \($0),Same \($0)\n" }.joined()
    try prepare("Company,Seller\n" + rows, request) { prepared, _ in
      let (journal, output, _) = try run(prepared)
      let lines = output.text.split(separator: "\n").map {
        $0.split(separator: ",", omittingEmptySubsequences: false)
      }
      #expect(
        lines[0].joined(separator: ",") == "Company,Seller,buyer_domain,seller_domain,simulated")
      var different = 0
      for line in lines.dropFirst() {
        if line[0] == line[1] {
          #expect(line[2] == line[3])
        } else if line[2] != line[3] {
          different += 1
        }
      }
      #expect(different > 20)
      // A company is asked about once, for whichever column, unless nobody could answer.
      let answered = journal.now.attempts.values.filter {
        if case .asked(.hit) = $0.kind { return true }
        return $0.kind == .asked(.miss)
      }
      #expect(Set(answered.map(\.question)).count == answered.count)
      #expect(
        journal.now.attempts.values.contains { $0.id.cell.column == 1 && $0.question.high == 0 })
    }
  }

  @Test func conditionsHoldForTheRunTheColumnAndTheStep() throws {
    var request = Self.request(
      Self.column(.companyDomain, "domains") {
        $0.condition = "Note!c"
        $0.steps?[0].condition = "Note!s"
      })
    request.condition = "Note!r"
    try prepare("Company,Note\nA,r\nB,c\nC,s\nD,-\n", request) { prepared, _ in
      let counts = try PreparedRun(
        resuming: prepared.plan, path: nil, surroundings: Self.surroundings
      ).countDryRun()
      #expect(counts.rows == 4)
      #expect(counts.columns[0].eligible == 1)
      #expect(counts.columns[0].skipped == [.condition: 3])
      #expect(counts.columns[0].steps == [1])
      let (journal, _, _) = try run(prepared)
      #expect(journal.now.tallies.columns[0]?.skipped == [.condition: 3])
      #expect(journal.now.attempts.values.filter { $0.outcome != nil }.map(\.id.cell.row) == [4])
    }
  }

  @Test func lookupsAreOpenedBesideTheirManifest() throws {
    let request = Self.request(Self.column(.workEmail, "mine"))
    try prepare("Domain\nacme.com\nother.com\n", request, isSimulated: false) { prepared, _ in
      #expect(Self.opened.withLock { $0 }.contains("/elsewhere/tables/crm.csv work_email"))
      let (_, output, _) = try run(prepared)
      #expect(output.text == "Domain,work_email\nacme.com,Ada@acme.com\nother.com,\n")
    }
  }

  @Test func pricesAndPoliciesArePinned() throws {
    let request = Self.request(
      Self.column(.workEmail, "mails") {
        $0.verifier = StepRequest(provider: "judge", place: "here")
        $0.charge = .called
        $0.refund = .provider
        $0.accept = .risky
      })
    try prepare("Full Name,Domain\nAda Lovelace,acme.com\n", request) { prepared, _ in
      let column = try #require(prepared.plan.columns.first)
      #expect(column.steps[0].price == 2_000_000)
      #expect(column.steps[0].chargePolicy == .called)
      #expect(!column.steps[0].refundsRejected)
      #expect(column.verifier?.price == 500_000)
      #expect(column.verifier?.freeVerdicts == [.unknown])
      #expect(column.acceptance == .risky)
      #expect(prepared.plan.seed == .max)
      #expect(prepared.plan.manifests.map(\.file) == ["judge.yaml", "mails.yaml"])
      #expect(
        prepared.plan.outline.columns[0].steps.map(\.provider.rawValue) == ["mails", "judge"])
    }
  }

  @Test func aSheetThatChangedIsRefused() throws {
    let request = Self.request(Self.column(.companyDomain, "domains"))
    try prepare(Self.sheet, request) { prepared, path in
      try (Self.sheet + "Eve,Umbrella,z\n").write(
        toFile: path, atomically: true, encoding: .utf8)
      do {
        _ = try PreparedRun(resuming: prepared.plan, path: nil, surroundings: Self.surroundings)
        Issue.record("it took another sheet")
      } catch let error as UserError {
        #expect(error.message == "the sheet has changed since the run started")
      }
    }
  }
}
