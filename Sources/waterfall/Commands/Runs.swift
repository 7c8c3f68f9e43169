import ArgumentParser
import LedgerStore
import WaterfallReports

/// `waterfall runs`: what was run on this workspace.
struct Runs: ParsableCommand {
  static let configuration = CommandConfiguration(abstract: "List the runs of the workspace.")

  @OptionGroup var workspace: WorkspaceOptions
  @OptionGroup var document: DocumentOptions

  func run() throws {
    let list = RunList(try workspace.open().openForReading().runs())
    try document.print(text: list.text, json: list.json)
  }
}
