import ArgumentParser
import Foundation
import LedgerStore
import WaterfallCore
import WaterfallReports
import WaterfallRuns

/// `waterfall run-info`: what a run spent and found.
struct RunInfoCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "run-info",
    abstract: "Show what a run spent and found, by column and provider.")

  @Argument(help: ArgumentHelp("The run's number (default: the latest).", valueName: "run"))
  var number: Int64?

  @OptionGroup var workspace: WorkspaceOptions

  @Option(help: "text or json.")
  var format = "text"

  @Option(
    name: [.short, .long],
    help: ArgumentHelp("Write it there instead of standard output.", valueName: "file"))
  var output: String?

  func run() throws {
    let format = try RunInfoFormats.named(format)
    let space = workspace.open()
    let store = try space.openForReading()
    let record = try store.run(numbered: number)
    guard var info = try store.infoAsItStands(record.id, space.flags) else {
      throw UserError(.fault, "run \(record.id) has no info", place: store.path)
    }
    if info.tallies.lacksInputs { info.needs = try RunPlan(json: record.configuration).needs() }
    let text = format.text(of: info)
    guard let output, output != "-" else { return try Console.standard.data(text) }
    let file = try OutputPlace(output).open()
    try file.truncate(to: 0)
    try Array(text.utf8).withUnsafeBytes { try file.write($0) }
    try file.finish()
  }
}
