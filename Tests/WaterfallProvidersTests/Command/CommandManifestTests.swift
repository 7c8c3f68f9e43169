import Testing
import WaterfallCore

@testable import WaterfallProviders

/// The section `command` of a manifest.
@Suite struct CommandManifestTests {
  static let head = """
    id: finder
    name: Finder
    finds:
      work_email: {inputs: [[email]], price: 1, refunds_invalid: false}

    """

  func manifest(_ section: String, more: String = "") throws -> Manifest {
    try Manifest(parsing: Self.head + section + "\n" + more, file: "a.yaml")
  }

  @Test func everyKeyIsRead() throws {
    let manifest = try manifest(
      """
      command:
        run: [./finder.py, --fast, "1"]
        in_flight: 4
        timeout: 2.5s
        start_timeout: 10s
        environment: [HTTP_PROXY, _x1]
        key: FINDER_KEY
        on_unknown: repeat
        restarts: 0
      """)
    #expect(
      manifest.command
        == CommandSection(
          run: ["./finder.py", "--fast", "1"], inFlight: 4, timeout: .milliseconds(2500),
          startTimeout: .seconds(10), environment: ["HTTP_PROXY", "_x1"], key: "FINDER_KEY",
          onUnknown: .repeat, restarts: 0))
    #expect(manifest.kinds == [.command] && manifest.needsKey)
  }

  @Test func whatIsNotSaidIsAsTheReferenceSays() throws {
    let manifest = try manifest("command: {run: [finder]}")
    #expect(
      manifest.command
        == CommandSection(
          run: ["finder"], inFlight: 16, timeout: .seconds(30), startTimeout: nil, environment: [],
          key: nil, onUnknown: .void, restarts: 3))
    #expect(!manifest.needsKey)
  }

  @Test func aProgramMayBeSimulatedToo() throws {
    let simulation = """
      simulation:
        finds:
          work_email: {hit_rate: 0.5, valid_share: 0.5, latency: {p50: 1s, p95: 2s}}
      """
    #expect(try manifest("command: {run: [x]}", more: simulation).kinds == [.command, .simulated])
  }

  @Test(arguments: [
    ("command: {}", "a.yaml:5:10: the key “run” is missing in command. Add “run:”"),
    (
      "command: ./x",
      "a.yaml:5:10: command is “./x”, not a mapping of keys to values. Write lines of "
        + "the form “key: value” below it"
    ),
    (
      "command: {run: x}", "a.yaml:5:16: command.run is “x”, not a list. Write [x]"
    ),
    (
      "command: {run: []}",
      "a.yaml:5:16: command.run is an empty list. Name a program and its arguments"
    ),
    (
      "command: {run: [\"\"]}",
      "a.yaml:5:17: command.run[0] is empty. Write a value or leave the key out"
    ),
    ("command: {run: [\"a\\0\"]}", "a.yaml:5:17: command.run[0] has a zero byte"),
    ("command: {run: [[x]]}", "a.yaml:5:17: command.run[0] is a list, not a text. Write one value"),
    ("command: {rnu: [x]}", "a.yaml:5:11: unknown key “rnu” in command. Did you mean run?"),
    (
      "command: {run: [x], in_flight: 0}", "a.yaml:5:32: command.in_flight is 0, outside 1 to 1000"
    ),
    (
      "command: {run: [x], restarts: -1}",
      "a.yaml:5:31: command.restarts is “-1”, not a whole number. Write digits only"
    ),
    (
      "command: {run: [x], timeout: 5}",
      "a.yaml:5:30: command.timeout is “5”, not a duration. Write 800ms or 2.5s"
    ),
    (
      "command: {run: [x], on_unknown: retry}",
      "a.yaml:5:33: “retry” is no handling of unknown outcomes. Write one of repeat, void"
    ),
    (
      "command: {run: [x], environment: [A-B]}",
      "a.yaml:5:35: “A-B” is no name of an environment variable. Write letters, digits and "
        + "underscores, from a letter on"
    ),
    ("command: {run: [x], environment: [A, A]}", "a.yaml:5:38: “A” is listed twice"),
    (
      "command: {run: [x], environment: [WATERFALL_KEY_HUNTER]}",
      "a.yaml:5:35: WATERFALL_KEY_HUNTER holds the key of a provider. Name the variable in which "
        + "the program wants its own key under “key”"
    ),
    (
      "command: {run: [x], key: PATH}",
      "a.yaml:5:26: PATH is a variable of the environment already. Give it another name"
    ),
    (
      "command: {run: [x], environment: [K], key: K}",
      "a.yaml:5:44: K is a variable of the environment already. Give it another name"
    ),
    (
      "command: {run: [x]}\nhttp: {base: https://a.example, finds: {work_email: {request: {path: /}, value: .v}}}",
      "a.yaml:5:10: finder is asked over HTTP already, and cannot be a program too. Leave “http” or "
        + "“command” out"
    ),
  ])
  func aMistakeIsNamedWithItsPlaceAndRemedy(section: String, message: String) {
    let error = #expect(throws: UserError.self) { try manifest(section) }
    #expect(error?.description == message)
  }

  @Test func aLookupIsNoProgram() {
    let error = #expect(throws: UserError.self) {
      try Manifest(
        parsing: """
          id: a
          name: A
          lookup: {file: a.csv, keys: {email: E}, values: {job_title: T}}
          command: {run: [x]}
          """, file: "a.yaml")
    }
    #expect(error?.place == "a.yaml:4:10")
    #expect(error?.message.hasPrefix("a manifest with a lookup has no section “command”") == true)
  }
}
