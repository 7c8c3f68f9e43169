import ArgumentParser
import Foundation
import LedgerStore
import WaterfallCore
import WaterfallReports
import WaterfallRuns

/// `waterfall runs`: what was run on this workspace, and giving up a run.
struct Runs: ParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "List the runs of the workspace, or give one up.",
    subcommands: [List.self, Drop.self], defaultSubcommand: List.self)

  struct List: ParsableCommand {
    static let configuration = CommandConfiguration(abstract: "List the runs of the workspace.")

    @OptionGroup var workspace: WorkspaceOptions
    @OptionGroup var document: DocumentOptions

    func run() throws {
      let space = workspace.open()
      let list = RunList(try space.openForReading().runsAsTheyStand(space.flags))
      try document.print(text: list.text, json: list.json)
    }
  }

  struct Drop: ParsableCommand {
    static let configuration = CommandConfiguration(
      abstract: "Give up a run that was paused, stopped or killed.",
      discussion: """
        What it has on hold becomes available again, and “waterfall resume” does not choose it any \
        more. What it found and was charged stays on record.
        """)

    @Argument(help: ArgumentHelp("The run's number.", valueName: "run"))
    var number: Int64

    @OptionGroup var workspace: WorkspaceOptions

    func run() throws {
      let space = workspace.open()
      guard space.exists else {
        _ = try space.openForReading()
        return
      }
      let store = try space.openForWriting("runs drop \(number)")
      let now = space.environment.clock()
      try store.markDeadRuns(at: now)
      let run = try store.run(numbered: number)
      guard run.state != .done, run.state != .dropped else {
        let what = run.state == .done ? "done: there is nothing to give up" : "given up already"
        throw UserError(
          .input, "run \(number) is \(what)",
          place: store.path, remedy: "What it found: waterfall run-info \(number)\(space.flags).")
      }
      let freed = try GivingUp.freeHolds(
        of: run.id, in: try store.book(), journal: store, at: now)
      try store.setState(of: run.id, .dropped, note: "given up by the user", ended: now)
      say(run, freed, space)
    }

    private func say(_ run: RunRecord, _ freed: Credits, _ space: Workspace) {
      let console = Console.standard
      let hold = freed == .zero ? "" : "; released from hold: \(freed.words)"
      console.say("run \(run.id) is given up\(hold)")
      console.say("what it found stays on record: waterfall run-info \(run.id)\(space.flags)")
      let part = run.output + ".part"
      if FileManager.default.fileExists(atPath: part) {
        console.say("its half-written output is left to you: \(part)")
      }
    }
  }
}
