import ArgumentParser
import Foundation
import WaterfallCore
import WaterfallProviders
import WaterfallServer

struct Sandbox: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Answer in the dialects of the providers, out of a simulated world.",
    discussion: """
      Requests go to http://HOST:PORT/PROVIDER/… as they would to the provider. Nothing is asked \
      for real, and every value is invented.
      """)

  @Option(
    parsing: .unconditional,
    help: ArgumentHelp("The port to listen on; 0 for any that is free.", valueName: "port"))
  var port = "8090"

  @Option(help: "The address to listen on.")
  var host = "127.0.0.1"

  @Option(help: "The world that answers requests that name none.")
  var seed: UInt64 = 0

  @Option(
    help: ArgumentHelp(
      "Manifests of your own: a file or a directory, with fixtures/ beside them.",
      valueName: "path"))
  var providers: [String] = []

  @Option(
    parsing: .unconditional,
    help: ArgumentHelp("The share of exchanges that go wrong, 0 to 1.", valueName: "rate"))
  var faults = "0.0"

  @Option(help: ArgumentHelp("Which of them go wrong.", valueName: "n"))
  var faultSeed: UInt64 = 0

  @Flag(help: "No provider fails by itself: only --faults and --script let things go wrong.")
  var reliable = false

  @Option(help: ArgumentHelp("Rules for what goes wrong.", valueName: "faults.yaml"))
  var script: String?

  @Option(help: ArgumentHelp("A wait before every answer.", valueName: "200ms"))
  var latency: String?

  @Option(help: ArgumentHelp("How often a job is not ready before its answer.", valueName: "n"))
  var pending = 1

  @Flag(help: "Say nothing but the address.")
  var quiet = false

  func run() async throws {
    var options = try options()
    let set = try ServedProviders.load(providers, areReliable: reliable)
    if let script {
      options.faults.rules = try FaultRule.all(
        in: ServedProviders.text(script), file: script, providers: set.dialects.map(\.id))
    }
    if !quiet {
      for note in set.notes { Self.say("sandbox: \(note)") }
    }
    let server = SandboxServer(set.dialects, options)
    let host = host
    try await server.run { port in
      print("sandbox: listening on http://\(host.contains(":") ? "[\(host)]" : host):\(port)")
      fflush(nil)
    }
  }

  private func options() throws -> SandboxOptions {
    var options = SandboxOptions()
    guard let port = Int(port), (0...65_535).contains(port) else {
      throw UserError(
        .usage, "“\(port)” is no port", place: "--port",
        remedy: "Write 0 to 65535; 0 is any that is free")
    }
    guard (0...1000).contains(pending) else {
      throw UserError(
        .usage, "“\(pending)” is no number of polls", place: "--pending",
        remedy: "Write 0 to 1000")
    }
    if let latency {
      guard let wait = Duration(span: latency) else {
        throw UserError(
          .usage, "“\(latency)” is not a duration", place: "--latency",
          remedy: "Write 200ms, 5s or 1m")
      }
      options.latency = wait
    }
    options.session = UUID().uuidString
    options.host = host
    options.port = port
    options.seed = seed
    options.pendingPolls = pending
    options.faults.rate = try Self.share(faults)
    options.faults.seed = faultSeed
    return options
  }

  /// Of what looks like a percentage, the remedy names the share that it most likely means.
  private static func share(_ text: String) throws(UserError) -> Double {
    if let share = Double(text), (0...1).contains(share) { return share }
    let isPercentage = text.hasSuffix("%")
    let digits = isPercentage ? text.dropLast() : text[...]
    let number = Double(digits.replacing(",", with: ".").filter { $0 != " " })
    let remedy: String
    if let number, isPercentage || number > 1, (0...100).contains(number) {
      remedy = "Write a share from 0 to 1: \(number / 100) for \(digits.filter { $0 != " " }) %"
    } else if let number, (0...1).contains(number) {
      remedy = "Write it with a point: \(number)"
    } else {
      remedy = "Write a share from 0 to 1: 0.2 for 20 %"
    }
    throw UserError(.usage, "“\(text)” is no share", place: "--faults", remedy: remedy)
  }

  private static func say(_ text: String) {
    FileHandle.standardError.write(Data("\(text)\n".utf8))
  }
}
