import Testing

/// What the documents show of the tool is what the tool does.
@Suite struct ConsoleTests {
  @Test(arguments: Package.sessions)
  func theCommandsPrintWhatTheDocumentShows(document: Document) throws {
    let script = try ConsoleScript(document)
    let session = try ConsoleSession()
    defer { session.cleanUp() }
    let results = try session.run(script.steps.map(\.command))
    try #require(
      results.count == script.steps.count,
      """
      \(document.path): the shell ended or hung at line \
      \(script.steps[min(results.count, script.steps.count - 1)].line)
      """)
    for (index, (step, result)) in zip(script.steps, results).enumerated() {
      check(step, result, of: document)
      let next = script.steps.dropFirst(index + 1).first
      #expect(
        result.status == 0 || next?.asksForStatus == true,
        """
        \(document.place(step.line)): the command ends with status \(result.status); mend it, or \
        let “$ echo $?” follow to show that this is meant
        """)
    }
  }

  private func check(
    _ step: ConsoleScript.Step, _ result: ConsoleSession.Result, of document: Document
  ) {
    let difference = Elision.difference(shown: step.expected, printed: result.lines)
    guard let difference else { return }
    Issue.record(
      """
      \(document.place(step.line)): the command prints something else than the document shows.
      shown:   \(difference.shown ?? "(nothing more)")
      printed: \(difference.printed ?? "(nothing more)")
      Put this under the command, with “…” for what need not be shown:
      \(result.lines.joined(separator: "\n"))
      """)
  }

  @Test func aTourIsInTheReadme() throws {
    let script = try ConsoleScript(try Package.document("README.md"))
    let commands = script.steps.map { $0.command.joined(separator: "\n") }
    for part in [
      "--dry-run", "enrich", "run-info", "explain", "credits balance", "credits history",
      "credits verify", "kill -9", "resume", "--where", "--limit", "--config", "lookup:", "bench",
    ] {
      #expect(commands.contains { $0.contains(part) }, "README.md: the tour lacks \(part)")
    }
  }
}

/// The comparison that everything above rests on.
@Suite struct ElisionTests {
  @Test(arguments: [
    (["a", "b"], ["a", "b"]), (["a  "], ["a"]), (["a", "…"], ["a", "b", "c"]), (["…"], []),
    (["…", "c"], ["a", "b", "c"]), (["a", "…", "c"], ["a", "c"]), (["a … c"], ["a b b c"]),
    (["…/x.csv"], ["DIR/x.csv"]), (["a", "…", "b", "…", "d"], ["a", "x", "b", "c", "d"]),
  ])
  func agrees(shown: [String], printed: [String]) {
    #expect(Elision.difference(shown: shown, printed: printed) == nil)
  }

  @Test(arguments: [
    (["a"], ["b"]), (["a"], []), ([], ["a"]), (["a"], ["a", "b"]), (["a", "…", "c"], ["a", "b"]),
    (["…", "b"], ["b", "c"]), (["a … c"], ["a b"]), (["a …"], ["b"]), (["…", "b", "…", "b"], ["b"]),
  ])
  func disagrees(shown: [String], printed: [String]) {
    #expect(Elision.difference(shown: shown, printed: printed) != nil)
  }
}
