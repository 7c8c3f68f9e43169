import Foundation
import Testing

/// `waterfall keys`: keeping keys so that nobody sees them.
@Suite struct KeysTests {
  static let secret = "sk_live_6f1c2d9a7b"
  static let file = ".config/waterfall/keys.yaml"

  func mode(_ name: String, _ runner: CommandRunner) throws -> String {
    let attributes = try FileManager.default.attributesOfItem(atPath: runner.path(name))
    return String(try #require(attributes[.posixPermissions] as? Int), radix: 8)
  }

  func set(_ line: String, _ key: String, _ runner: CommandRunner) throws -> CommandRunner.Result {
    try runner.run(
      ["keys", "set"] + line.split(separator: " ").map(String.init), input: Data(key.utf8))
  }

  @Test func keysAreKeptListedAndRemoved() throws {
    var runner = try CommandRunner()
    defer { runner.cleanUp() }
    var results = [try runner.run("keys list"), try set("hunter", Self.secret + "\n", runner)]
    #expect(try mode(Self.file, runner) == "600")
    #expect(try mode(".config/waterfall", runner) == "700")
    #expect(try mode(".config", runner) == "700")
    results += [
      try set("hunter", "  \(Self.secret)2\r\n\n", runner),
      try set("hunter --managed", Self.secret + "3", runner),
      try runner.run(["keys", "set", "prospeo", "--command", "pass show prospeo"]),
    ]
    #expect(try mode(Self.file, runner) == "600")
    runner.environment["WATERFALL_KEY_HUNTER"] = Self.secret
    runner.environment["WATERFALL_MANAGED_KEY_HUNTR"] = Self.secret
    results += try runner.runAll(["keys list", "keys list --json"])
    results.append(try set("hunter", Self.secret, runner))
    results += try runner.runAll([
      "keys remove hunter", "keys remove hunter", "keys remove hunter --managed",
      "keys remove prospo", "keys remove prospeo", "keys remove nobody", "keys list",
    ])
    #expect(!runner.exists(Self.file))
    try expectSnapshot("keys", runner, results)
    #expect(try filesWithSecret(runner) == [])
  }

  @Test func whatIsNoKeyIsRefusedAndNotRepeated() throws {
    let runner = try CommandRunner()
    defer { runner.cleanUp() }
    let secret = Self.secret
    var results: [CommandRunner.Result] = []
    for key in ["", " \n", "\(secret)\nmore\n", "\(secret)\u{1B}[A\n", "\(secret)\u{200B}"] {
      results.append(try set("hunter", key, runner))
    }
    results += [
      try runner.run(["keys", "set", "hunter"], input: Data(secret.utf8) + [0xFF]),
      try set("hunter", String(repeating: "x", count: 4097), runner),
      try set("hunter", String(repeating: secret, count: 100_000), runner),
      try set("huntr", secret, runner), try set("", secret, runner),
      try set("hunter \(secret)", "", runner), try set("hunter --key=\(secret)", "", runner),
      try set("hunter -\(secret)", "", runner), try set("hunter --managd", secret, runner),
      try runner.run("keys set hunter --command pass show hunter"),
      try runner.run(["keys", "set", "hunter", "--command", " "]),
      try runner.run(["keys", "set", "hunter", "--command", "pass\nshow"]),
      try runner.run("keys"), try runner.run("keys sett hunter"), try runner.run("keys remove"),
    ]
    for result in results { #expect(!"\(result.output)\(result.errors)".contains(secret)) }
    for index in results.indices {
      results[index].arguments = results[index].arguments.map {
        $0.replacing(secret, with: "SECRET")
      }
    }
    try expectSnapshot("keys-refused", runner, results)
    #expect(!runner.exists(".config"))
    #expect(try set("hunter", String(repeating: "x", count: 4096) + "\n", runner).status == 0)
  }

  @Test func aKeyFileThatIsNotPrivateOrNotUnderstoodIsRefused() throws {
    var runner = try CommandRunner.withPeople()
    defer { runner.cleanUp() }
    runner.environment["WATERFALL_KEYS"] = runner.path("my keys.yaml")
    let enrich = ["enrich", "people.csv", "--column", "work_email=hunter", "-o", "out.csv"]
    let good = "own: {hunter: \(Self.secret)}\n"
    var results: [CommandRunner.Result] = []
    func attempt(_ text: String, _ mode: Int, _ commands: [[String]]) throws {
      try runner.write(text, to: "my keys.yaml")
      try FileManager.default.setAttributes(
        [.posixPermissions: mode], ofItemAtPath: runner.path("my keys.yaml"))
      results += try runner.runAll(commands)
    }
    try attempt(good, 0o644, [["keys", "list"], ["keys", "remove", "hunter"], enrich])
    results.append(try set("hunter", Self.secret, runner))
    try attempt(good, 0o660, [["keys", "list"]])
    try attempt("own:\n  hunter: {key: \(Self.secret)}\n", 0o600, [["keys", "list"], enrich])
    try attempt("keys:\n  hunter: \(Self.secret)\n", 0o600, [["keys", "list"]])
    try attempt("hunter: \(Self.secret)\n", 0o600, [["keys", "list"]])
    try attempt(Self.secret, 0o600, [["keys", "list"]])
    try attempt(good, 0o600, [["keys", "list"]])
    try runner.makeDirectory("folder")
    runner.environment["WATERFALL_KEYS"] = runner.path("folder")
    results.append(try runner.run("keys list"))
    runner.environment["WATERFALL_KEYS"] = runner.path("people.csv/keys.yaml")
    results.append(try set("hunter", Self.secret, runner))
    for result in results { #expect(!"\(result.output)\(result.errors)".contains(Self.secret)) }
    try expectSnapshot("keys-file-refused", runner, results)
    #expect(!runner.exists("out.csv"))
  }

  /// Not a fault of the disk: the message says whose the file is. Asked by somebody else than root,
  /// who may read everything.
  @Test(
    .enabled(
      if: geteuid() == 0 && FileManager.default.isExecutableFile(atPath: "/usr/bin/setpriv")))
  func aKeyFileThatMayNotBeOpenedIsItsOwners() throws {
    let runner = try CommandRunner()
    defer { runner.cleanUp() }
    try runner.write("own: {hunter: \(Self.secret)}\n", to: "keys.yaml")
    let path = runner.path("keys.yaml")
    try FileManager.default.setAttributes([.posixPermissions: 0o600], ofItemAtPath: path)
    let errors = Pipe()
    let process = Process()
    process.executableURL = URL(filePath: "/usr/bin/setpriv")
    process.arguments = [
      "--reuid", "65534", "--clear-groups", CommandRunner.tool.path, "keys", "list",
    ]
    process.environment = runner.environment.merging(["WATERFALL_KEYS": path]) { $1 }
    process.standardError = errors
    try process.run()
    let text = String(
      decoding: errors.fileHandleForReading.readDataToEndOfFile(), as: UTF8.self)
    process.waitUntilExit()
    // Where nobody else may run the tool, there is nothing to see.
    guard process.terminationStatus < 126 else { return }
    #expect(process.terminationStatus == 1)
    #expect(
      text == "waterfall: \(path): you may not read the key file: it belongs to root. Have its "
        + "owner give it to you (chown), or name another file by WATERFALL_KEYS.\n")
  }

  /// Only whose keys there are matters to a simulation; it says what it cannot read.
  @Test func aSimulationGoesOnWithoutTheKeyFile() throws {
    let runner = try CommandRunner.withPeople()
    defer { runner.cleanUp() }
    _ = try set("hunter", Self.secret, runner)
    try FileManager.default.setAttributes(
      [.posixPermissions: 0o644], ofItemAtPath: runner.path(Self.file))
    let enrich = "enrich people.csv --column work_email=hunter,prospeo"
    try expectSnapshot(
      "keys-file-simulated", runner,
      try runner.runAll([
        "\(enrich) --simulate -o out.csv --max-credits 1", "resume --simulate --max-credits 9",
        "\(enrich) --simulate -o quiet.csv --quiet",
        "bench people.csv --column work_email --providers hunter,prospeo", "\(enrich) --dry-run",
        "\(enrich) -o real.csv",
      ]).map { $0.heading(2) })
    #expect(!runner.exists("real.csv"))
  }

  @Test func anEmptyKeyFileHasNoKeys() throws {
    let runner = try CommandRunner()
    defer { runner.cleanUp() }
    try runner.makeDirectory(".config/waterfall")
    for text in ["", "\n  \n", "# Keys of mine\n\n  # none yet\n"] {
      try runner.write(text, to: Self.file)
      try FileManager.default.setAttributes(
        [.posixPermissions: 0o600], ofItemAtPath: runner.path(Self.file))
      #expect(try runner.run("keys list").output == "No keys yet.\n")
      #expect(try runner.run("keys remove hunter").errors.contains("there is no own key"))
      #expect(try set("hunter", Self.secret, runner).status == 0)
      #expect(try runner.run("keys list").output.contains("hunter"))
    }
  }

  @Test func aShortKeyIsDoubted() throws {
    let runner = try CommandRunner()
    defer { runner.cleanUp() }
    try expectSnapshot(
      "keys-short", runner,
      try [
        set("hunter", "a", runner), set("hunter", "1234567", runner),
        set("hunter", "12345678", runner),
        runner.run(["keys", "set", "hunter", "--command", "x"]),
      ])
  }

  /// Snov.io wants a client's identifier and its secret, Tomba two headers.
  @Test func aKeyOfTwoPartsHasBoth() throws {
    let runner = try CommandRunner()
    defer { runner.cleanUp() }
    let secret = Self.secret
    let results = try [
      set("snov", secret, runner), set("snov --managed", ":\(secret)", runner),
      set("snov", "\(secret):", runner), set("tomba", secret, runner),
      set("tomba", "id:\(secret)", runner), set("snov", "id:\(secret):more", runner),
      set("hunter", secret, runner),
    ]
    try expectSnapshot("keys-pair", runner, results)
    for result in results { #expect(!"\(result.output)\(result.errors)".contains(secret)) }
  }

  /// Wherever the key comes from, before anybody is asked.
  @Test func noRunBeginsWithHalfAKey() throws {
    var runner = try CommandRunner.withPeople()
    defer { runner.cleanUp() }
    let secret = Self.secret
    let enrich =
      "enrich people.csv --column work_email=snov -o out.csv --base-url snov=http://127.0.0.1:1"
    runner.environment["WATERFALL_KEYS"] = runner.path("keys.yaml")
    var results: [CommandRunner.Result] = []
    for entry in [secret, "{command: echo \(secret) | tr l l}"] {
      try runner.write("own: {snov: \(entry)}\n", to: "keys.yaml")
      try FileManager.default.setAttributes(
        [.posixPermissions: 0o600], ofItemAtPath: runner.path("keys.yaml"))
      results.append(try runner.run(enrich))
    }
    runner.environment["WATERFALL_KEY_SNOV"] = "\(secret):"
    results.append(try runner.run(enrich))
    // Nobody is asked for real.
    let simulated = try runner.run(
      "enrich people.csv --column work_email=snov -o simulated.csv --simulate")
    #expect(simulated.status == 0, "\(simulated.errors)")
    for result in results {
      #expect(!result.errors.replacing("command echo \(secret)", with: "").contains(secret))
    }
    for index in results.indices {
      results[index].errors = results[index].errors.split(separator: "\n").filter {
        $0.hasPrefix("waterfall:")
      }.joined(separator: "\n")
    }
    try expectSnapshot("keys-pair-run", runner, results)
    #expect(!runner.exists("out.csv") && !runner.exists(".local/share/waterfall/workspace.sqlite"))
  }

  @Test func providersOfYourOwnHaveKeysToo() throws {
    let runner = try CommandRunner()
    defer { runner.cleanUp() }
    try runner.write(
      "id: crm\nname: CRM\nlookup:\n  file: crm.csv\n  keys: {domain: D}\n"
        + "  values: {work_email: E}\n", to: "crm.yaml")
    try runner.write(
      "id: ours\nname: Ours\nfinds:\n"
        + "  work_email: {inputs: [[domain]], price: 1, refunds_invalid: false}\n"
        + "command: {run: [./ours], key: OURS_KEY}\n", to: "ours.yaml")
    let results = [
      try set("ours", Self.secret, runner),
      try set("ours --providers ours.yaml", Self.secret, runner),
      // A table takes no key, and so has none to keep.
      try set("crm --providers crm.yaml", Self.secret, runner),
      try runner.run("keys list"), try runner.run("keys list --providers ours.yaml"),
      try runner.run("keys remove ours --providers nowhere.yaml"),
      try runner.run("keys remove ours --providers ours.yaml"),
    ]
    try expectSnapshot("keys-own-provider", runner, results)
  }

  @Test(arguments: ["000", "022", "077"]) func theFileIsPrivateWhateverTheUmaskIs(mask: String)
    throws
  {
    let runner = try CommandRunner()
    defer { runner.cleanUp() }
    let process = Process()
    process.executableURL = URL(filePath: "/bin/sh")
    process.arguments = [
      "-c", "umask \(mask); echo \(Self.secret) | \"$0\" keys set hunter", CommandRunner.tool.path,
    ]
    process.environment = runner.environment
    process.currentDirectoryURL = runner.directory
    process.standardError = FileHandle.nullDevice
    try process.run()
    process.waitUntilExit()
    #expect(process.terminationStatus == 0)
    #expect(try mode(Self.file, runner) == "600")
    #expect(try mode(".config/waterfall", runner) == "700")
  }

  @Test func processesThatSetKeysAtOnceLoseNone() throws {
    let runner = try CommandRunner()
    defer { runner.cleanUp() }
    let providers = [
      "hunter", "apollo", "prospeo", "findymail", "icypeas", "leadmagic", "datagma", "pdl",
    ]
    let input = runner.directory.appending(path: "key.txt")
    try runner.write(Self.secret, to: "key.txt")
    let running = try providers.map {
      try runner.start(
        ["keys", "set", $0], standardInput: FileHandle(forReadingFrom: input))
    }
    for run in running {
      run.process.waitUntilExit()
      #expect(try run.result().status == 0)
    }
    let list = try runner.run("keys list").output
    for provider in providers { #expect(list.contains("\n\(provider) "), "\(provider)") }
    let names = try FileManager.default.contentsOfDirectory(
      atPath: runner.path(".config/waterfall"))
    #expect(Set(names) == ["keys.yaml", "keys.yaml.lock"])
  }

  /// Keys in variables, in the file, and behind a command that must not run in a simulation.
  @Test func noKeyIsWrittenAnywhereElse() throws {
    var runner = try CommandRunner.withPeople()
    defer { runner.cleanUp() }
    let (secret, base64) = (Self.secret, Data(Self.secret.utf8).base64EncodedString())
    _ = try set("hunter", secret + "1", runner)
    _ = try set("findymail --managed", secret + "2", runner)
    try runner.run([
      "keys", "set", "prospeo", "--command",
      "touch ran; echo \(secret)".replacing(secret, with: "x"),
    ])
    runner.environment["WATERFALL_KEY_ICYPEAS"] = secret + "3"
    runner.environment["WATERFALL_MANAGED_KEY_HUNTER"] = secret + "4"
    let results = try runner.runAll([
      "keys list", "keys list --json",
      "enrich people.csv --column work_email=hunter,prospeo,icypeas,findymail --simulate -o out.csv",
      "run-info --simulate", "explain 1 1 --simulate", "credits history --simulate",
      "enrich people.csv --column work_email=prospeo,hunter --simulate --dry-run",
    ])
    for result in results { #expect(result.status == 0, "\(result.errors)") }
    #expect(
      results[3].output.contains("hunter     own") && results[3].output.contains("prospeo    own"))
    #expect(!runner.exists("ran"), "a command ran although nobody was asked")
    #expect(try filesWithSecret(runner, [secret, String(base64.dropLast(4))]) == [Self.file])
  }

  /// The files below the runner's directory that contain one of these texts.
  func filesWithSecret(
    _ runner: CommandRunner, _ texts: [String] = [KeysTests.secret]
  ) throws -> [String] {
    let files = try #require(FileManager.default.enumerator(atPath: runner.directory.path))
    var (found, count): ([String], Int) = ([], 0)
    for case let name as String in files where !name.hasSuffix(".in") {
      guard let data = FileManager.default.contents(atPath: runner.path(name)) else { continue }
      count += 1
      if texts.contains(where: { data.range(of: Data($0.utf8)) != nil }) { found.append(name) }
    }
    #expect(count > 8, "the files were not looked at")
    return found
  }
}
