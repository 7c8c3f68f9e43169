import ArgumentParser

/// Which ledger a command works on.
struct WorkspaceOptions: ParsableArguments {
  @Option(
    help: ArgumentHelp(
      "The workspace, an SQLite file (default: $WATERFALL_WORKSPACE, else in the data directory).",
      valueName: "file"))
  var workspace: String?

  @Flag(
    help:
      "Training mode: no network, simulated answers, and simulated credits in a workspace beside.")
  var simulate = false

  func open(_ console: Console = .standard, isSimulated: Bool? = nil) -> Workspace {
    Workspace(
      named: workspace, isSimulated: isSimulated ?? simulate, environment: .current,
      console: console)
  }
}
