import Foundation
import TestSupport
import Testing

/// Outputs that are no plain file of one's own: pipes, devices, links, and files of others.
@Suite struct OutputPlaceTests {
  @Test func aNamedPipeIsWrittenToAndStays() throws {
    let runner = try CommandRunner.withPeople()
    defer { runner.cleanUp() }
    try #require(mkfifo(runner.path("pipe.csv"), 0o600) == 0)
    let running = try runner.start(CommandRunner.enrichPeople("-o", "pipe.csv"))
    let reader = try #require(FileHandle(forReadingAtPath: runner.path("pipe.csv")))
    let text = String(decoding: try reader.readToEnd() ?? Data(), as: UTF8.self)
    running.process.waitUntilExit()
    try expectSnapshot("output-pipe", runner, [try running.result()])
    let plain = try runner.run(CommandRunner.enrichPeople("-o", "-", "--quiet"))
    #expect(text == plain.output)
    var info = stat()
    #expect(lstat(runner.path("pipe.csv"), &info) == 0 && info.st_mode & S_IFMT == S_IFIFO)
    #expect(!runner.exists("pipe.csv.part"))
  }

  @Test func aDeviceIsWrittenToAndStays() throws {
    let runner = try CommandRunner.withPeople()
    defer { runner.cleanUp() }
    for more in [[], ["--yes"]] {
      let result = try runner.run(CommandRunner.enrichPeople("--quiet", "-o", "/dev/null") + more)
      #expect(result.status == 0, "\(result.errors)")
    }
    try FileManager.default.createSymbolicLink(
      atPath: runner.path("nowhere.csv"), withDestinationPath: "/dev/null")
    #expect(
      try runner.run(CommandRunner.enrichPeople("--quiet", "-o", "nowhere.csv")).status == 0)
    var info = stat()
    #expect(lstat("/dev/null", &info) == 0 && info.st_mode & S_IFMT == S_IFCHR)
    #expect(!FileManager.default.fileExists(atPath: "/dev/null.part"))
  }

  @Test func aLinkIsFollowedAndStays() throws {
    let runner = try CommandRunner.withPeople()
    defer { runner.cleanUp() }
    try runner.makeDirectory("folder")
    try runner.write("paid for", to: "folder/kept.csv")
    let links = [
      ("folder/near.csv", "kept.csv"), ("far.csv", "folder/near.csv"),
      ("new.csv", "folder/none.csv"), ("to-folder.csv", "folder"),
      ("one.csv", "other.csv"), ("other.csv", "one.csv"),
    ]
    for (link, target) in links {
      try FileManager.default.createSymbolicLink(
        atPath: runner.path(link), withDestinationPath: target)
    }
    try expectSnapshot(
      "output-links", runner,
      try runner.runAll(
        [["far.csv"], ["far.csv", "--yes"], ["new.csv"], ["to-folder.csv"], ["one.csv"]].map {
          CommandRunner.enrichPeople("-o") + $0
        }))
    for (link, target) in links {
      #expect(
        try FileManager.default.destinationOfSymbolicLink(atPath: runner.path(link)) == target)
    }
    #expect(try runner.read("folder/kept.csv") == runner.read("folder/none.csv"))
  }

  /// Enough for the tool to begin before its input ends. Nobody can be asked about most of it.
  private static let people =
    CommandRunner.people + String(repeating: "Alan,Turing,,\n", count: 8000)

  /// Two workspaces, so that their locks do not keep the processes apart.
  @Test func twoProcessesDoNotWriteOneOutput() throws {
    let runner = try CommandRunner.withPeople()
    defer { runner.cleanUp() }
    let pipe = Pipe()
    let arguments = ["enrich", "-", "--column", "work_email", "--simulate", "-o", "out.csv"]
    let first = try runner.start(arguments, standardInput: pipe)
    let rows = Data(Self.people.utf8)
    try pipe.fileHandleForWriting.write(contentsOf: rows)
    try #require(eventually { runner.exists("out.csv.part") })
    let other = ["--quiet", "--workspace", "other.sqlite", "-o", "out.csv"]
    try expectSnapshot(
      "output-busy", runner,
      [
        try runner.run(CommandRunner.enrichPeople("--yes") + other),
        try runner.run(CommandRunner.enrichPeople() + other),
        try runner.run("runs --simulate --workspace other.sqlite"),
      ])
    try pipe.fileHandleForWriting.close()
    first.process.waitUntilExit()
    #expect(try first.result().status == 0)
    let alone = try runner.run(
      ["enrich", "-", "--column", "work_email", "--simulate", "-o", "-", "--quiet"], input: rows)
    #expect(try runner.read("out.csv") == alone.output)
  }

  @Test func anOutputThatIsTakenAwayIsWrittenAgain() throws {
    let runner = try CommandRunner.withPeople()
    defer { runner.cleanUp() }
    let pipe = Pipe()
    let running = try runner.start(
      ["enrich", "-", "--column", "work_email", "--simulate", "-o", "out.csv"],
      standardInput: pipe)
    try pipe.fileHandleForWriting.write(contentsOf: Data(Self.people.utf8))
    try runner.write(Self.people, to: "same.csv")
    // Only a run on record has begun with its output.
    try #require(eventually { try runner.run("run-info --simulate").status == 0 })
    try FileManager.default.removeItem(atPath: runner.path("out.csv.part"))
    try pipe.fileHandleForWriting.close()
    running.process.waitUntilExit()
    #expect(!runner.exists("out.csv"))
    try expectSnapshot(
      "output-gone", runner,
      [try running.result(), try runner.run("resume --simulate --sheet same.csv")])
    let plain = try runner.run(
      "enrich same.csv --column work_email --simulate -o - --quiet --workspace other.sqlite")
    #expect(try runner.read("out.csv") == plain.output)
  }
}
