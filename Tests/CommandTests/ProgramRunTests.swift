import Foundation
import Testing

/// Runs that ask a program of the user's.
@Suite struct ProgramRunTests {
  /// A program that says this of every question.
  private static func runner(answering answer: String) throws -> CommandRunner {
    let runner = try CommandRunner.withPeople()
    try runner.write(
      """
      id: ours
      name: Ours
      finds:
        work_email: {inputs: [[first_name, domain]], price: 1, refunds_invalid: false}
      command:
        run: [sh, answer.sh]

      """, to: "ours.yaml")
    try runner.write(
      """
      while read -r question; do
        id=${question#*\\"id\\":\\"}
        printf '{"id": "%s", ANSWER}\\n' "${id%%\\"*}"
      done

      """.replacing("ANSWER", with: answer), to: "answer.sh")
    return runner
  }

  private static func enrich(_ runner: CommandRunner) throws -> CommandRunner.Result {
    try runner.run("enrich people.csv --column work_email=ours --providers ours.yaml -o out.csv")
  }

  /// A program has no address.
  @Test(arguments: [
    (#""failure": "refused""#, "Check its manifest and the program that answers. Cells"),
    (#""value": 7"#, "Check its manifest and the program that answers. Cells"),
    (#""failure": "unavailable""#, "Check the program, and whom it asks. Cells"),
    (
      #""failure": "credentials""#,
      "Nothing was charged. Look up where the program gets its key. Cells"
    ),
  ])
  func theRemedyFitsAProgram(answer: String, remedy: String) throws {
    let runner = try Self.runner(answering: answer)
    defer { runner.cleanUp() }
    let run = try Self.enrich(runner)
    #expect(run.status == 1 && run.errors.contains(remedy), "\(run.errors)")
    #expect(!run.errors.contains("address that is asked"), "\(run.errors)")
  }

  @Test func aProgramThatEndsIsNoMatterOfTheNetwork() throws {
    let runner = try Self.runner(answering: "")
    defer { runner.cleanUp() }
    try runner.write("exit 7\n", to: "answer.sh")
    let run = try Self.enrich(runner)
    #expect(run.status == 1 && !run.errors.contains("network"), "\(run.errors)")
    #expect(run.errors.contains("the program"), "\(run.errors)")
  }

  @Test func aCostAboveThePriceIsSaidAndNotCharged() throws {
    let runner = try Self.runner(answering: #""value": "ada@b.example", "cost": 99"#)
    defer { runner.cleanUp() }
    let run = try Self.enrich(runner)
    let words =
      "note: ours said of 3 answers that they cost more than its price; no more than the price was "
      + "charged"
    #expect(run.status == 0 && run.errors.contains(words), "\(run.errors)")
    #expect(run.errors.contains("charged 3 credits, refunded 0, net 3"), "\(run.errors)")
    // At the price, there is nothing to say.
    let fair = try Self.runner(answering: #""value": "ada@b.example", "cost": 1"#)
    defer { fair.cleanUp() }
    #expect(try !Self.enrich(fair).errors.contains("cost more"))
  }
}
