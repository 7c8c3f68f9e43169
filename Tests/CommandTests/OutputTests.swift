import Foundation
import Testing

/// Where the enriched sheet goes, and where it must not.
@Suite struct OutputTests {
  @Test func nothingIsOverwrittenUnasked() throws {
    let runner = try CommandRunner.withPeople()
    defer { runner.cleanUp() }
    try runner.makeDirectory("folder")
    try runner.write("paid for", to: "kept.csv")
    try runner.write("half", to: "half.csv.part")
    try FileManager.default.createSymbolicLink(
      atPath: runner.path("link.csv"), withDestinationPath: "people.csv")
    try FileManager.default.linkItem(
      atPath: runner.path("people.csv"), toPath: runner.path("hard.csv"))
    let outputs = [
      "people.csv", "link.csv", "hard.csv", "folder/../people.csv", "folder", "folder/",
      "nowhere/out.csv", "kept.csv/out.csv", "kept.csv", "half.csv",
      "out.csv.gz", "out.XLSX",
    ]
    try runner.expectNothingLeft {
      try expectSnapshot(
        "output-refused", runner,
        try runner.runAll(outputs.map { CommandRunner.enrichPeople("-o", $0) }))
    }
    #expect(try runner.read("kept.csv") == "paid for")
    #expect(try runner.read("people.csv") == CommandRunner.people)
    try expectSnapshot(
      "output-replaced", runner,
      try runner.runAll(
        ["kept.csv", "half.csv"].map { CommandRunner.enrichPeople("-o", $0, "--yes") }))
    #expect(try runner.read("kept.csv") == runner.read("half.csv"))
    #expect(!runner.exists("half.csv.part"))
  }

  @Test(.enabled(if: geteuid() != 0, "root may write everywhere"))
  func aDirectoryThatMayNotBeWritten() throws {
    let runner = try CommandRunner.withPeople()
    defer { runner.cleanUp() }
    try runner.makeDirectory("locked")
    try FileManager.default.setAttributes(
      [.posixPermissions: 0o500], ofItemAtPath: runner.path("locked"))
    let result = try runner.run(CommandRunner.enrichPeople("-o", "locked/out.csv"))
    #expect(result.status == 74)
    #expect(result.errors.contains("permission denied. You may not write there"))
  }

  @Test func streamsInAndOut() throws {
    let runner = try CommandRunner()
    defer { runner.cleanUp() }
    let arguments = ["enrich", "-", "--column", "work_email", "--simulate"]
    let people = Data(CommandRunner.people.utf8)
    try expectSnapshot(
      "stream", runner,
      [
        try runner.run(arguments, input: people),
        try runner.run(arguments + ["-o", "-", "--quiet"], input: people),
        try runner.run(arguments + ["-o", "out.csv"], input: people),
      ])
    #expect(try runner.read("out.csv").hasPrefix("First Name,Last Name,Company,Website,work_email"))
  }

  @Test func aPauseOfAStreamSaysHowToGoOn() throws {
    let runner = try CommandRunner.withPeople()
    defer { runner.cleanUp() }
    let people = Data(CommandRunner.people.utf8)
    let enrich = ["enrich", "-", "--column", "work_email", "--simulate", "--quiet"]
    try expectSnapshot(
      "stream-paused", runner,
      [
        try runner.run(enrich + ["--max-credits", "1"], input: people),
        try runner.run("resume --simulate --quiet --max-credits 9"),
        try runner.run("resume --simulate --quiet --max-credits 9 --sheet people.csv"),
        try runner.run(enrich + ["--max-credits", "1", "-o", "out.csv"], input: people),
      ])
  }

  @Test func aReaderThatGoesAwayIsNoError() throws {
    let runner = try CommandRunner.withPeople()
    defer { runner.cleanUp() }
    let enrich = CommandRunner.enrichPeople("-o", "-")
    let results = try [enrich + ["--quiet"], ["--help"], enrich].map {
      let pipe = Pipe()
      try pipe.fileHandleForReading.close()
      let running = try runner.start($0, standardOutput: pipe)
      running.process.waitUntilExit()
      return try running.result()
    }
    for result in results { #expect(result.status == 0) }
    for result in results.prefix(2) { #expect(result.errors == "") }
    try expectSnapshot(
      "broken-pipe", runner,
      [results[0], results[2]]
        + runner.runAll(["run-info --simulate"]).map { $0.heading(4) }
        + runner.runAll(["resume --simulate"]))
  }

  @Test(.enabled(if: FileManager.default.fileExists(atPath: "/dev/full")))
  func aFullDiskStopsTheRunWhichCanGoOn() throws {
    let runner = try CommandRunner.withPeople()
    defer { runner.cleanUp() }
    func runOnFullDisk(_ arguments: [String]) throws -> CommandRunner.Result {
      let full = try #require(FileHandle(forWritingAtPath: "/dev/full"))
      let running = try runner.start(arguments, standardOutput: full)
      running.process.waitUntilExit()
      return try running.result()
    }
    let results = [
      try runOnFullDisk(CommandRunner.enrichPeople("-o", "-")),
      try runOnFullDisk(["credits", "balance", "--simulate"]),
      try runner.run("run-info --simulate").heading(4), try runner.run("resume --simulate"),
      // What cannot be printed changes nothing about a run that is done.
      try runOnFullDisk(CommandRunner.enrichPeople("-o", "done.csv", "--json")),
      try runner.run("runs --simulate"),
    ]
    try expectSnapshot("full-disk", runner, results)
  }
}
