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
    let standIns = try Self.standIns(sandbox: sandbox, bases: bases)
    try refuseContradictions(isSimulated)
    return standIns
  }

  /// What the two options say, whatever else is said. Throws `UserError` for what is no URL, names no
  /// provider, or contradicts the other one.
  static func standIns(
    sandbox: String?, bases: [String]
  ) throws(UserError) -> RunPlanner.StandIns {
    var standIns = RunPlanner.StandIns()
    if let sandbox {
      standIns.sandbox = try url(sandbox, option: "--sandbox", value: sandbox)
    }
    for base in bases {
      guard let split = base.firstIndex(of: "="), split > base.startIndex else {
        if base.contains("@") { throw hasUser("--base-url") }
        throw UserError(
          .usage, "“\(base)” is no provider with a URL", place: "--base-url",
          remedy: "Write it as hunter=http://127.0.0.1:8090/hunter.")
      }
      let provider = ProviderID(String(base[..<split]))
      let url = try url(
        String(base[base.index(after: split)...]), option: "--base-url", value: base)
      guard standIns.bases.updateValue(url, forKey: provider) == nil else {
        throw UserError(
          .usage, "\(provider) has two hosts", place: "--base-url", remedy: "Name one of them.")
      }
    }
    try refuseBoth(sandbox, bases)
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

  // MARK: URLs

  /// Throws `UserError` for a URL with a user name or password, which it does not repeat. The path
  /// may have an @ in it.
  private static func refuseUser(in text: String, option: String) throws(UserError) {
    let address = text.range(of: "://").map { text[$0.upperBound...] } ?? text[...]
    guard address.prefix(while: { !"/?#".contains($0) }).contains("@") else { return }
    throw hasUser(option)
  }

  private static func hasUser(_ option: String) -> UserError {
    UserError(
      .usage, "a URL must not have a user name or password in it; it is not repeated here",
      place: option,
      remedy: "Write the host alone. Keys are kept by “waterfall keys”; the manifest says where "
        + "they go.")
  }

  /// Without a slash at its end.
  private static func url(
    _ text: String, option: String, value: String
  ) throws(UserError) -> String {
    try refuseUser(in: text, option: option)
    guard isURL(text) else {
      // A password may have a slash in it.
      if text.contains("@") { throw hasUser(option) }
      let meant = "http://" + text
      throw UserError(
        .usage, "“\(text)” is no URL of a host", place: "\(option) \(value)",
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
    guard let scheme, text.count > scheme.count, isPlain, let parts = URLComponents(string: text)
    else { return false }
    return (1...65_535).contains(parts.port ?? 80)
  }
}
