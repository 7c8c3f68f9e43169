import ArgumentParser
import Foundation
import WaterfallCore
import WaterfallProviders
import WaterfallRuns

/// Hosts that answer in the providers' place.
struct StandInOptions: ParsableArguments {
  @Option(
    help: ArgumentHelp(
      "Ask a sandbox over HTTP instead of the providers: simulated answers, simulated credits.",
      valueName: "url"))
  var sandbox: String?

  @Option(
    name: .customLong("base-url"),
    help: ArgumentHelp(
      "Ask another host in a provider's place, in its dialect.", valueName: "provider=url"))
  var bases: [String] = []

  /// Throws `UserError` for what is no URL, names no provider, or contradicts another option: no
  /// question can be answered in two places.
  func standIns(isSimulated: Bool) throws(UserError) -> RunPlanner.StandIns {
    try refuseContradictions(isSimulated)
    return try Self.standIns(sandbox: sandbox, bases: bases)
  }

  /// What the two options say, whatever else is said. Throws `UserError` for what is no URL, names no
  /// provider, or contradicts the other one.
  static func standIns(
    sandbox: String?, bases: [String]
  ) throws(UserError) -> RunPlanner.StandIns {
    try refuseBoth(sandbox, bases)
    var standIns = RunPlanner.StandIns()
    if let sandbox { standIns.sandbox = try url(sandbox, place: "--sandbox \(sandbox)") }
    for base in bases {
      let place = "--base-url \(base)"
      guard let split = base.firstIndex(of: "="), split > base.startIndex else {
        throw UserError(
          .usage, "“\(base)” is no provider with a URL", place: "--base-url",
          remedy: "Write it as hunter=http://127.0.0.1:8090/hunter.")
      }
      let provider = ProviderID(String(base[..<split]))
      let url = try url(String(base[base.index(after: split)...]), place: place)
      guard standIns.bases.updateValue(url, forKey: provider) == nil else {
        throw UserError(
          .usage, "\(provider) has two hosts", place: "--base-url", remedy: "Name one of them.")
      }
    }
    return standIns
  }

  /// Refuses a host for a provider that is not asked over HTTP, and would not hear of it.
  static func check(_ manifest: Manifest) throws(UserError) {
    let what =
      manifest.lookup != nil ? "a table" : manifest.command != nil ? "a program" : nil
    guard let what else { return }
    throw UserError(
      .usage, "\(manifest.id) is \(what), which is not asked at a URL", place: "--base-url",
      remedy: "Leave it out.")
  }

  private func refuseContradictions(_ isSimulated: Bool) throws(UserError) {
    if isSimulated, sandbox != nil {
      throw UserError(
        .usage, "a simulation asks nobody, and a sandbox is asked over HTTP",
        place: "--simulate and --sandbox",
        remedy: "Leave one of them out: with --sandbox, answers and credits are simulated too.")
    }
    if isSimulated, let base = bases.first {
      throw UserError(
        .usage, "a simulation asks nobody, and a URL says where \(Self.provider(base)) is asked",
        place: "--simulate and --base-url",
        remedy: "Leave one of them out: with --base-url, the run is a real one.")
    }
  }

  private static func refuseBoth(_ sandbox: String?, _ bases: [String]) throws(UserError) {
    guard sandbox != nil, let base = bases.first else { return }
    throw UserError(
      .usage, "the sandbox answers for \(provider(base)) too, and a URL says otherwise",
      place: "--sandbox and --base-url",
      remedy: "Leave one of them out: --sandbox asks all providers there, on simulated credits; "
        + "--base-url only the one that it names, on real ones.")
  }

  /// Whom a `--base-url` is for.
  private static func provider(_ base: String) -> Substring { base.prefix { $0 != "=" } }

  /// Without a slash at its end.
  private static func url(_ text: String, place: String) throws(UserError) -> String {
    guard isURL(text) else {
      let meant = "http://" + text
      throw UserError(
        .usage, "“\(text)” is no URL of a host", place: place,
        remedy: text.contains(":") && isURL(meant)
          ? "Write it as \(meant)." : "Write it as http://127.0.0.1:8090.")
    }
    return text.hasSuffix("/") ? String(text.dropLast()) : text
  }

  private static func isURL(_ text: String) -> Bool {
    let scheme = ["http://", "https://"].first { text.lowercased().hasPrefix($0) }
    let isPlain =
      text.utf8.allSatisfy { $0 > 0x20 && $0 < 0x7F }
      && !text.contains { "?#".contains($0) }
    let parts = URLComponents(string: text)
    guard let scheme, text.count > scheme.count, isPlain, let parts, parts.user == nil else {
      return false
    }
    return (1...65_535).contains(parts.port ?? 80)
  }
}
