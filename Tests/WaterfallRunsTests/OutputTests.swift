import CSVCodec
import Testing
import WaterfallCore
import WaterfallEngine

@testable import WaterfallRuns

/// What stands where in the output.
@Suite struct OutputTests {
  /// Finds `new`, unless the name says what else happens.
  static let rule: @Sendable (Question) -> Answer = { question in
    switch question.inputs.values[0] {
    case "nobody": Answer(.miss)
    case "down": Answer(.failure(.unavailable))
    case "wrong": Answer(.hit("bad"))
    default: Answer(.hit("new"), reportedCost: Credits(1))
    }
  }

  static func scenario(_ sheet: String, _ change: (inout Scenario) -> Void = { _ in }) -> Scenario {
    var scenario = Scenario(
      sheet: sheet,
      columns: [Scenario.Column(steps: [Scenario.Asked(provider: "a", rule: rule)])])
    change(&scenario)
    return scenario
  }

  static func output(
    _ sheet: String, _ change: (inout Scenario) -> Void = { _ in }
  ) throws -> String {
    try scenario(sheet, change).undisturbed().output.text
  }

  @Test func newColumnsStandAtTheEnd() throws {
    #expect(
      try Self.output("name,x\nada,1\nnobody,\"2\"\n")
        == "name,x,work_email\nada,1,new\nnobody,\"2\",\n")
  }

  @Test func existingColumnsAreFilledInPlace() throws {
    #expect(
      try Self.output("work_email,name\n,ada\nold,bob\n \"\",cleo\n,nobody\n")
        == "work_email,name\nnew,ada\nold,bob\n \"\",cleo\n,nobody\n")
  }

  /// A word that stands for nothing is no value: it is replaced, and stays where nobody has one.
  @Test func placeholdersAreReplaced() throws {
    let sheet = "work_email,name\nn/a,ada\n\" - \",bob\nUNKNOWN,nobody\nnone@x.com,cleo\n"
    #expect(
      try Self.output(sheet)
        == "work_email,name\nnew,ada\nnew,bob\nUNKNOWN,nobody\nnone@x.com,cleo\n")
    #expect(
      try Self.output(sheet) { $0.provenance = true } == """
        work_email,name,work_email_provider,work_email_status,work_email_credits
        new,ada,a,filled: valid,1
        new,bob,a,filled: valid,1
        UNKNOWN,nobody,,empty,0
        none@x.com,cleo,,,

        """)
  }

  @Test func aJobTitleCanBeAnyWord() throws {
    let change: (inout Scenario) -> Void = {
      $0.columns[0].name = "title"
      $0.columns[0].field = .jobTitle
    }
    #expect(
      try Self.output("title,name\nunknown,ada\n,bob\n", change)
        == "title,name\nunknown,ada\nnew,bob\n")
  }

  @Test func theLineThatNamesTheDelimiterStays() throws {
    #expect(
      try Self.output("\u{feff}sep=;\r\n\nname;x\r\nada;1\r\n")
        == "\u{feff}sep=;\r\n\nname;x;work_email\r\nada;1;new\r\n")
    let full = "sep=|\nname|work_email\nada|old\n"
    #expect(try Self.output(full) == full)
  }

  @Test func overwritingKeepsWhatNobodyHasBetter() throws {
    #expect(
      try Self.output("work_email,name\nold,ada\nold,nobody\nold,down\nold,wrong\n") {
        $0.overwrite = true
      } == "work_email,name\nnew,ada\nold,nobody\nold,down\nold,wrong\n")
  }

  @Test func provenanceTellsWhoHowAndAtWhichPrice() throws {
    let sheet = "name\nada\nnobody\ndown\nwrong\n\"\"\n"
    #expect(
      try Self.output(sheet) { $0.provenance = true } == """
        name,work_email,work_email_provider,work_email_status,work_email_credits
        ada,new,a,filled: valid,1
        nobody,,,empty,0
        down,,,failed,0
        wrong,,,empty,0
        "",,,skipped: missing_input,0

        """)
  }

  /// A second run over the output of the first: what stands keeps its provenance.
  @Test func provenanceOfWhatStandsIsKept() throws {
    let head = "name,work_email,work_email_provider,work_email_status,work_email_credits\n"
    let old = "ada,old,b,filled: valid,3\n"
    let untouched = "eve,,,empty,0.5\n"
    for overwrite in [false, true] {
      let again = try Self.output(head + "nobody,old,b,filled: valid,3\n" + old + untouched) {
        $0.provenance = true
        $0.overwrite = overwrite
        $0.rows = 1...1
      }
      #expect(again == head + "nobody,old,b,filled: valid,3\n" + old + untouched)
    }
    let filled = try Self.output(head + "ada,,,empty,0\nbob,old,b,filled: valid,3\n") {
      $0.provenance = true
      $0.overwrite = true
    }
    #expect(filled == head + "ada,new,a,filled: valid,1\nbob,new,a,filled: valid,1\n")
  }

  @Test func simulatedValuesAreMarked() throws {
    #expect(
      try Self.output("name\nada\nnobody\n") { $0.isSimulated = true }
        == "name,work_email,simulated\nada,new,simulated\nnobody,,\n")
    #expect(
      try Self.output("simulated,name,work_email\n,ada,\nsimulated,bob,old\n") {
        $0.isSimulated = true
      } == "simulated,name,work_email\nsimulated,ada,new\nsimulated,bob,old\n")
  }

  @Test func aSheetThatIsFullPassesThroughByteForByte() throws {
    let sheet =
      "\u{feff}\n\nwork_email , name,work_email\n a,\"b\", c \r\n\n\nx,y,\" \"\"z\" \n\n\n"
    #expect(try Self.output(sheet) { $0.rows = 7...9 } == sheet)
    let full = "name,work_email\n" + String(repeating: "a,b\n\n", count: 3000)
    let (journal, output) = try Self.scenario(full).undisturbed()
    #expect(output.text == full)
    #expect(journal.now.tallies.columns[0]?.skipped == [.alreadyFilled: 3000])
    #expect(journal.now.rowsDone == 3000)
  }

  /// More blank lines than a batch of the reader holds: at the start, in the middle, at the end.
  @Test(arguments: ["name\n", "name,work_email\n"]) func manyBlankLinesStayWhereTheyAre(
    header: String
  ) throws {
    let gap = String(repeating: "\n", count: 600_000)
    let isOld = header != "name\n"
    let row = isOld ? ["ada,old\n", "nobody,old\n"] : ["ada\n", "nobody\n"]
    let done = isOld ? row : ["ada,new\n", "nobody,\n"]
    let text = try Self.output(header + gap + row[0] + gap + row[1] + gap)
    let wanted = (isOld ? header : "name,work_email\n") + gap + done[0] + gap + done[1] + gap
    #expect(text.utf8.count == wanted.utf8.count)
    #expect(text == wanted)
  }

  @Test(arguments: ["name\n", "name", "name\r\n", "name\n\n\n"]) func aSheetWithoutRows(
    sheet: String
  ) throws {
    let rest = sheet.dropFirst(4)
    #expect(try Self.output(sheet) == "name,work_email" + rest)
  }

  @Test func rowsBeforeARaggedOneAreWritten() throws {
    for names in ["name\n", "name,work_email\n"] {
      let row = names == "name\n" ? "ada\n" : "ada,old\n"
      let scenario = Self.scenario(names + row + row + "a,b,c\n" + row)
      let journal = try scenario.journal()
      let output = MemoryOutput()
      do {
        try scenario.run(journal, output)
        Issue.record("it took a ragged row")
      } catch let error as CSVError {
        #expect(error.location.line == 4)
      }
      #expect(output.text.split(separator: "\n").count == 3)
      #expect(journal.now.rowsDone == 2)
    }
  }

  @Test func aConditionThatFailsNamesItsRow() throws {
    let scenario = Self.scenario("name\nada\nbroken\n") {
      $0.condition = TextCondition(column: 0, forbidden: "-", breaksOn: "broken")
    }
    do {
      _ = try scenario.undisturbed()
      Issue.record("it passed")
    } catch let error as UserError {
      #expect(error.place == "row 2, line 3")
    }
  }

  @Test func aLimitCountsRowsThatAreAskedAbout() throws {
    #expect(
      try Self.output("name,work_email\nada,old\nbob,\ncleo,\ndan,\n") { $0.limit = 2 }
        == "name,work_email\nada,old\nbob,new\ncleo,new\ndan,\n")
  }

  /// A row without inputs, or whose every step's condition is false, is nobody's to be asked about.
  @Test func aLimitPassesOverRowsThatNobodyCanBeAskedAbout() throws {
    let sheet = "name,work_email\n,\nada,\nnot bob,\ncleo,\ndan,\n"
    func limited(_ change: (inout Scenario) -> Void = { _ in }) throws -> String {
      try Self.output(sheet) {
        $0.limit = 2
        $0.columns[0].steps[0].condition = TextCondition(column: 0, forbidden: "not")
        change(&$0)
      }
    }
    #expect(try limited() == "name,work_email\n,\nada,new\nnot bob,\ncleo,new\ndan,\n")
    // A run that an earlier version began counts as it began.
    #expect(
      try limited { $0.limitCountsInputs = false }
        == "name,work_email\n,\nada,new\nnot bob,\ncleo,\ndan,\n")
    // One askable step among many is enough; one that is switched off is none.
    let second = Scenario.Asked(provider: "b", inputs: [["name"]], rule: Self.rule)
    #expect(
      try limited { $0.columns[0].steps.append(second) }
        == "name,work_email\n,\nada,new\nnot bob,new\ncleo,\ndan,\n")
    #expect(
      try limited {
        $0.columns[0].steps.append(second)
        $0.columns[0].steps[1].isOff = true
      } == "name,work_email\n,\nada,new\nnot bob,\ncleo,new\ndan,\n")
  }

  /// A row counts by the column that can be asked about first; what that finds may be missing.
  @Test func aLimitCountsARowOnceForItsChainOfColumns() throws {
    let output = try Self.output("name,domain\nada,\n,x.com\n,\nnobody,\ncleo,\n") {
      $0.limit = 3
      $0.columns[0].name = "domain"
      $0.columns[0].field = .companyDomain
      $0.columns.append(
        Scenario.Column(
          steps: [Scenario.Asked(provider: "b", inputs: [["domain"]], rule: Self.rule)],
          chained: ["domain": 0]))
    }
    #expect(
      output == "name,domain,work_email\nada,new,new\n,x.com,new\n,,\nnobody,,\ncleo,,\n")
  }

  // MARK: The window

  @Test func noMoreRowsAreStartedThanTheWindowHolds() throws {
    let seed = ConcurrencyTests.seed()
    let postman = Postman(seed: seed, pile: 1000)
    defer { postman.close() }
    var scenario = Sheets.rich(Sheets.people(500))
    scenario.columns = [scenario.columns[1]]
    scenario.limits.window = 50
    scenario.limits.recordsInRead = 17
    scenario.limits.attemptsInBatch = 20
    let journal = try scenario.journal()
    let output = MemoryOutput(journey: journal.journey)
    let driver = try scenario.driver(
      journal, output, .later(postman, isHarmless: false), stop: StopSignal())
    #expect(try driver.runToEnd() == .done)
    #expect(postman.longestQueue <= 50)
    #expect(postman.longestQueue > 25)
    // Rows and batches go round: no more were ever made than can be in flight at once.
    #expect(driver.idleRows.count <= 50)
    #expect(driver.idleSheaves.count <= 50 / 17 + 4)
    #expect(driver.window.isEmpty && driver.asked.isEmpty && driver.announced.isEmpty)
  }

  /// When the one that was asked fails, the next one that waits asks.
  @Test func identicalQuestionsAreAskedOnce() throws {
    let sheet = "name\n" + String(repeating: "ada\n", count: 200)
    for (outcome, asked) in [(Outcome.hit("x"), 1), (.miss, 1), (.failure(.unavailable), 200)] {
      let postman = Postman(seed: 4, pile: 1000)
      defer { postman.close() }
      let scenario = Self.scenario(sheet) {
        $0.columns[0].steps[0].rule = { _ in Answer(outcome) }
      }
      let journal = try scenario.journal()
      let output = MemoryOutput(journey: journal.journey)
      try scenario.run(journal, output, .later(postman, isHarmless: true))
      #expect(journal.journey.asked.count == asked)
      #expect(postman.longestQueue == 1)
      let shared = journal.now.attempts.values.filter {
        if case .shared = $0.kind { true } else { false }
      }
      #expect(shared.count == 200 - asked)
    }
  }
}
