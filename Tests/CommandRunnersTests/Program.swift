import CommandRunners
import Foundation
import Synchronization
import TestSupport
import Testing
import WaterfallCore

@testable import WaterfallProviders

/// A program in a folder of its own, asked as a run would ask it.
final class Program: Sendable {
  private let temporary: TemporaryFolder
  var folder: URL { temporary.url }
  let provider: CommandProvider
  private let noted = Notes()
  private let runner: SubprocessRunner

  /// - Parameters:
  ///   - python: The body of the script; without one, `run` names another program.
  ///   - section: More lines of the manifest's section `command`.
  init(
    _ python: String? = nil, run: String = "[./program.py]", section: [String] = [],
    variables: [String: String] = [:], mode: Int = 0o755,
    key: @escaping CommandAccess.KeyReader = { _, _ throws(UserError) in
      throw UserError(.input, "there is no key")
    }, redaction: Redaction = Redaction()
  ) throws {
    // As the tool does.
    signal(SIGPIPE, SIG_IGN)
    temporary = try TemporaryFolder()
    if let python {
      let file = temporary.path("program.py")
      try (Self.head + python).write(toFile: file, atomically: true, encoding: .utf8)
      try FileManager.default.setAttributes([.posixPermissions: mode], ofItemAtPath: file)
    }
    let lines = (["run: \(run)"] + section).map { "  \($0)\n" }.joined()
    let manifest = try Manifest(parsing: Self.manifest + lines, file: "program.yaml")
    runner = SubprocessRunner(patience: .milliseconds(300))
    let noted = noted
    provider = try CommandProvider(
      manifest, in: temporary.path, .own,
      access: CommandAccess(
        runner: runner,
        variables: ["PATH": "/usr/local/bin:/usr/bin:/bin"].merging(variables) { $1 },
        redaction: redaction, note: { text in noted.lines.withLock { $0.append(text) } }, key: key))
  }

  /// The scripts' own words: `answer(id, …)`, `questions()`.
  private static let head = """
    #!/usr/bin/env python3
    import json, os, signal, sys, time

    def questions():
        for line in sys.stdin:
            yield json.loads(line)

    def say(text):
        sys.stdout.write(text + "\\n")
        sys.stdout.flush()

    def answer(id, **content):
        say(json.dumps({"id": id, **content}))


    """

  private static let manifest = """
    id: program
    name: Program
    finds:
      work_email: {inputs: [[email], [domain]], price: 1, refunds_invalid: false}
    verifies:
      work_email: {price: 1}
    command:

    """

  /// Ends the program and removes its folder. What was noted, in order.
  @discardableResult func end() async -> [String] {
    provider.stop()
    let runner = runner
    // The runner's tasks need the threads of the pool, of which this must not hold one.
    await withCheckedContinuation { continuation in
      Thread.detachNewThread {
        runner.waitForAll(atMost: .seconds(20))
        continuation.resume()
      }
    }
    temporary.remove()
    return notes
  }

  var notes: [String] { noted.lines.withLock { $0 } }

  func read(_ name: String) throws -> String {
    try String(contentsOf: folder.appending(path: name), encoding: .utf8)
  }

  /// A question about the n-th row; `email` is “n@domain”.
  static func question(_ row: Int64, candidate: String? = nil, wasSent: Bool = false) -> Question {
    let attempt = AttemptID(
      cell: CellID(run: RunID(1), row: row, column: 0), step: 0,
      role: candidate == nil ? .finder : .verifier)
    return Question(
      attempt: attempt, provider: ProviderID("program"), field: .workEmail,
      inputs: Inputs(names: [.company, .email], values: ["Acme", "\(row)@acme.example"]),
      key: QuestionKey(high: 0, low: UInt64(row)), keySource: .own, candidate: candidate,
      workspace: "w", sentFor: wasSent ? attempt : nil)
  }

  /// Asks, and waits for the answer.
  func ask(_ question: Question) async -> Answer {
    await withCheckedContinuation { continuation in
      provider.ask(question) { continuation.resume(returning: $0) }
    }
  }

  func ask(_ row: Int64) async -> Answer { await ask(Self.question(row)) }

  /// Asks about these rows at once, and waits for all answers; in the rows' order.
  func askAll(_ rows: ClosedRange<Int64>) async -> [Answer] {
    await withTaskGroup(of: (Int64, Answer).self) { group in
      for row in rows { group.addTask { (row, await self.ask(row)) } }
      var answers: [Int64: Answer] = [:]
      for await (row, answer) in group { answers[row] = answer }
      return rows.compactMap { answers[$0] }
    }
  }
}

private final class Notes: Sendable {
  let lines = Mutex<[String]>([])
}

extension Answer {
  /// Without what depends on the clock.
  var timeless: Answer {
    var answer = self
    answer.latency = 0
    return answer
  }
}
