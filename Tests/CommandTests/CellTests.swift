import Foundation
import Testing

/// What the cells of a sheet come to: inputs that are no inputs, values that are none, and what a
/// row was asked with.
@Suite struct CellTests {
  private static let sheet = """
    First Name,Last Name,Website,E-Mail,Note
    Ada,Lovelace,ACME.COM;beta.com,n/a,several hosts
    Grace,Hopper,navy.mil,grace@navy.mil,filled
    Alan,Turing,alan@gmail.com,,free mail
    Kurt,Gödel,https://ias.edu/people, - ,a placeholder
    Emmy,Noether,linkedin.com/company/acme,TBD,a profile

    """

  @Test func whatIsNoSiteIsNotSentAndPlaceholdersAreReplaced() throws {
    let runner = try CommandRunner()
    defer { runner.cleanUp() }
    try runner.write(Self.sheet, to: "cells.csv")
    let enrich =
      "enrich cells.csv --column work_email=hunter,pdl --simulate --seed 3 --provenance"
    var results = try runner.runAll([
      "\(enrich) -o out.csv", "run-info --simulate", "explain 1 1 --simulate",
      "explain 4 --simulate", "explain latest 4 work_email --simulate --values",
      "explain 4 work_email --simulate --values --json", "explain work_email --simulate",
      "explain 1 4 work_email more --simulate", "explain 1 2 nope --simulate",
      "explain latest --simulate", "explain 9 9 --simulate",
    ])
    let history = "credits history --simulate"
    results += try runner.runAll([
      "\(history) --row 4", "\(history) --provider pdl --run 1",
      "\(history) --column work_email --row 4 --provider hunter --format csv",
      "\(history) --column nope",
    ])
    try runner.write(Self.sheet + "\n", to: "cells.csv")
    results.append(try runner.run("explain 1 4 --simulate"))
    try FileManager.default.removeItem(atPath: runner.path("cells.csv"))
    results.append(try runner.run("explain 1 4 --simulate --values"))
    try expectSnapshot("cells", runner, results)
    try expectText("cells.csv", try runner.read("out.csv"))
  }
}
