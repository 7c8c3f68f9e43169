import ArgumentParser
import Foundation
import LedgerStore
import WaterfallCore
import WaterfallReports

/// `waterfall credits`: what there is to spend, where it came from, where it went, and the proof.
struct CreditsCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "credits", abstract: "Show, grant, list and prove the credits of a workspace.",
    subcommands: [Balance.self, Grant.self, History.self, Verify.self])

  struct Balance: ParsableCommand {
    static let configuration = CommandConfiguration(abstract: "Show what there is to spend.")

    @OptionGroup var workspace: WorkspaceOptions
    @OptionGroup var document: DocumentOptions

    func run() throws {
      let space = workspace.open()
      let store = try space.openForReading()
      let report = BalanceReport(
        lots: try store.lots(), isSimulated: space.isSimulated, now: space.environment.clock())
      try document.print(text: report.text, json: report.json)
    }
  }

  struct Grant: ParsableCommand {
    static let configuration = CommandConfiguration(abstract: "Bring credits in as a new lot.")

    @Argument(help: ArgumentHelp("How many credits.", valueName: "amount"))
    var amountText: String

    @OptionGroup var workspace: WorkspaceOptions

    @Option(help: "package, promotion, monthly or adjustment.")
    var kind = "package"

    @Option(
      help: ArgumentHelp(
        "The day from whose beginning on they cannot be spent (UTC).", valueName: "yyyy-mm-dd"))
    var expires: String?

    @Option(help: "Why, for the record.")
    var note: String?

    func run() throws {
      let amount = try amount()
      let kind = try grantKind()
      let space = workspace.open()
      let now = space.environment.clock()
      let expires = try expiry(after: now)
      let store = try space.openForWriting("credits grant")
      let lot = try store.grant(
        kind: kind, amount: amount, expires: expires, note: note ?? "granted by hand", at: now)
      let report = BalanceReport(lots: try store.lots(), isSimulated: space.isSimulated, now: now)
      Console.standard.say("lot \(lot.id.rawValue): \(lot.issued.words)")
      try Console.standard.data(report.text)
    }

    private func amount() throws(UserError) -> Credits {
      let remedy = "Write credits above 0, with at most six decimals: 500 or 0.25."
      let value: Credits
      do {
        value = try Credits(parsing: amountText)
      } catch {
        throw UserError(
          .usage, error.description, place: "AMOUNT",
          remedy: error.code == .notANumber ? nil : remedy)
      }
      guard value > .zero else {
        throw UserError(
          .usage, "\(amountText) credits are no grant", place: "AMOUNT", remedy: remedy)
      }
      return value
    }

    private func grantKind() throws(UserError) -> GrantKind {
      let kinds: [GrantKind] = [.package, .promotion, .monthly, .adjustment]
      guard let kind = GrantKind(rawValue: kind), kinds.contains(kind) else {
        let names = kinds.map(\.rawValue)
        throw UserError(
          .usage, "“\(self.kind)” is no kind of grant", place: "--kind",
          remedy: Suggestion.sentence(for: self.kind, among: names)
            ?? "Name \(names.joined(separator: ", ")).")
      }
      return kind
    }

    private func expiry(after now: Timestamp) throws(UserError) -> Timestamp {
      guard let expires else { return .never }
      let style = Date.ISO8601FormatStyle().year().month().day()
      // A day that the calendar does not have is read as another one, and comes back different.
      guard let date = try? Date(expires, strategy: style), date.formatted(style) == expires else {
        throw UserError(
          .usage, "“\(expires)” is no day", place: "--expires", remedy: "Write it as 2027-01-31.")
      }
      let time = Timestamp(milliseconds: Int64(date.timeIntervalSince1970) * 1000)
      guard time > now else {
        let isToday =
          Date(timeIntervalSince1970: Double(now.milliseconds) / 1000).formatted(style) == expires
        throw UserError(
          .usage,
          isToday
            ? "credits expire as their day begins (UTC), and \(expires) has begun"
            : "\(expires) has passed",
          place: "--expires", remedy: "Name a day to come.")
      }
      return time
    }
  }

  struct History: ParsableCommand {
    static let configuration = CommandConfiguration(
      abstract: "List every entry of the ledger, oldest first.")

    @OptionGroup var workspace: WorkspaceOptions

    @Option(name: .customLong("run"), help: "Only the entries of this run.")
    var runNumber: Int64?

    @Option(help: "Only the entries of this row, counted from 1.")
    var row: Int64?

    @Option(help: "Only the entries of this enriched column.")
    var column: String?

    @Option(help: "Only the entries of this provider.")
    var provider: String?

    @Option(help: "text, csv or jsonl.")
    var format = "text"

    func run() throws {
      let formats = HistoryFormats.all
      guard let chosen = formats.first(where: { $0.name == format }) else {
        let names = formats.map(\.name)
        throw UserError(
          .usage, "“\(format)” is no format of the history", place: "--format",
          remedy: Suggestion.sentence(for: format, among: names)
            ?? "Name \(names.joined(separator: ", ")).")
      }
      let store = try workspace.open().openForReading()
      let run = try runNumber.map { try store.run(numbered: $0).id }
      if let heading = chosen.heading { try Console.standard.data(heading) }
      var lines = ""
      var isEmpty = true
      try store.forEachHistoryLine(of: run) { line in
        guard matches(line) else { return }
        isEmpty = false
        lines += chosen.line(line) + "\n"
        guard lines.utf8.count > 1 << 16 else { return }
        try Console.standard.data(lines)
        lines = ""
      }
      if !lines.isEmpty { try Console.standard.data(lines) }
      if isEmpty { Console.standard.say("note: no entry of the ledger is like that") }
    }

    private func matches(_ line: HistoryLine) -> Bool {
      (row == nil || line.attempt?.cell.row == row)
        && (column == nil || line.column == column)
        && (provider == nil || line.provider?.rawValue == provider)
    }
  }

  struct Verify: ParsableCommand {
    static let configuration = CommandConfiguration(
      abstract: "Prove the ledger: replay it from the first entry against its laws.")

    @OptionGroup var workspace: WorkspaceOptions
    @OptionGroup var document: DocumentOptions

    func run() throws {
      let report = try workspace.open().openForReading().verify()
      try document.print(text: report.text, json: report.json)
      if !report.isProven { throw LeaveWith(status: .input) }
    }
  }
}
