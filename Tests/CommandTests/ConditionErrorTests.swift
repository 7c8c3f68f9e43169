import Foundation
import Testing

/// Conditions in SQL, good, wrong and hostile.
@Suite struct ConditionErrorTests {
  @Test func wrongConditionsAreRefusedBeforeAnythingHappens() throws {
    let runner = try CommandRunner.withPeople()
    defer { runner.cleanUp() }
    let conditions = [
      "Compny = 'Navy'", "Colour = 'red'", "Company = \"Navy\"", "Company = ", "Company == == 1",
      "", "1; DROP TABLE entry", "DELETE FROM sheet", "UPDATE sheet SET Company = 1",
      "ATTACH 'people.csv' AS other", "(SELECT 1)", "1) OR (1", "load_extension('x')",
      "\"First Name\" = \"Acme Inc.\"", "Company = Navy", "Company = Acme Inc",
      "uper(Company) = 'NAVY'", "readfile('people.csv')", "Company = ?", "1, 2",
    ]
    try runner.expectNothingLeft {
      try expectSnapshot(
        "where-refused", runner,
        try runner.runAll(conditions.map { CommandRunner.enrichPeople("--where", $0) }))
    }
  }

  @Test func conditionsChooseRows() throws {
    let runner = try CommandRunner.withPeople()
    defer { runner.cleanUp() }
    let conditions = ["Company = 'Navy'", "\"First Name\" LIKE 'a%'", "Company IS NULL", "0"]
    try expectSnapshot(
      "where", runner,
      try runner.runAll(conditions.map { CommandRunner.enrichPeople("-o", "-", "--where", $0) }))
  }

  @Test func aConditionThatFailsOnARowNamesTheRow() throws {
    let runner = try CommandRunner.withPeople()
    defer { runner.cleanUp() }
    let condition = "CASE Company WHEN 'Bletchley' THEN abs(-9223372036854775807 - 1) ELSE 1 END"
    try expectSnapshot(
      "where-fails", runner,
      try runner.runAll([
        CommandRunner.enrichPeople("--where", condition), ["run-info", "--simulate"],
      ]))
  }
}
