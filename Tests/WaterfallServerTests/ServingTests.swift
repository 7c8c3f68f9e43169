import Foundation
import TestSupport
import Testing
import WaterfallCore

@testable import WaterfallProviders

/// The server as a process: what it says, how it ends, and that it says the same again.
@Suite struct ServingTests {
  @Test func itSaysWhatItServes() throws {
    let sandbox = try RunningSandbox(["--seed", "12"])
    defer { sandbox.stop() }
    let reply = try sandbox.server.client.send("GET", "/_sandbox")
    #expect(reply.json?["schema"] as? String == "waterfall.sandbox/1")
    #expect(reply.json?["seed"] as? Int == 12)
    let providers = try #require(reply.json?["providers"] as? [[String: Any]])
    let hunter = try #require(providers.first { $0["provider"] as? String == "hunter" })
    #expect(hunter["operations"] as? [String] == ["finds.work_email", "verifies.work_email"])
  }

  @Test func theWorldIsTheSimulations() throws {
    let sandbox = try RunningSandbox(["--seed", "3"])
    defer { sandbox.stop() }
    let dialect = try Sample.dialect("hunter")
    for row in 0..<40 {
      for seed in [UInt64?.none, 8] {
        let truth = dialect.answer(RunningSandbox.hunterQuestion(row), seed: seed ?? 3)
        let reply = try sandbox.askHunter(row, seed: seed)
        guard let expected = dialect.response(truth) else {
          #expect(reply.status == 0)
          continue
        }
        #expect(reply.status == expected.status)
        #expect(reply.body == expected.body)
      }
    }
  }

  /// Without faults of their own, providers still say what they would have said.
  @Test func reliableProvidersAnswerEverything() throws {
    let sandbox = try RunningSandbox(["--seed", "3", "--reliable"])
    defer { sandbox.stop() }
    let dialect = try Sample.dialect("hunter")
    var faults = 0
    for row in 0..<300 {
      let reply = try sandbox.askHunter(row)
      #expect(reply.status == 200 || reply.status == 404, "row \(row)")
      let truth = dialect.answer(RunningSandbox.hunterQuestion(row), seed: 3)
      switch truth.outcome {
      case .hit, .miss: #expect(reply.body == dialect.response(truth)?.body, "row \(row)")
      case .failure, .unknown: faults += 1
      }
    }
    #expect(faults > 0, "the seed has faults to leave out")
  }

  @Test func jobsAreSubmittedFetchedAndRemembered() throws {
    let sandbox = try RunningSandbox(["--pending", "2"])
    defer { sandbox.stop() }
    let first = try #require(try sandbox.submit(1, key: "a").job)
    #expect(try sandbox.submit(1, key: "a").job == first)
    #expect(try sandbox.submit(1, key: "b").job != first)
    let nameless = try #require(try sandbox.submit(1, key: nil).job)
    #expect(try sandbox.submit(1, key: nil).job != nameless)
    #expect(try sandbox.poll(first).state == "IN_PROGRESS")
    // To submit it again does not begin it anew.
    #expect(try sandbox.submit(1, key: "a").job == first)
    #expect(try sandbox.poll(first).state == "IN_PROGRESS")
    let state = try #require(try sandbox.poll(first).state)
    #expect(["FOUND", "NOT_FOUND"].contains(state))
    #expect(try sandbox.poll(first).state == state)
    let unknown = try sandbox.poll("nobody")
    #expect(unknown.json?["success"] as? Bool == false)
  }

  @Test func aRestartChangesNothing() throws {
    func transcript(_ arguments: [String]) throws -> [String] {
      let sandbox = try RunningSandbox(arguments)
      defer { sandbox.stop() }
      var lines: [String] = []
      for row in 0..<30 {
        for _ in 0..<3 {
          let reply = try sandbox.askHunter(row, key: "k\(row)", patience: .seconds(2))
          lines.append("\(reply.status) \(reply.ending) \(reply.body.count)")
        }
        lines.append(try sandbox.submit(row, key: "k\(row)").job ?? "none")
      }
      return lines
    }
    let faulty = ["--faults", "0.4", "--fault-seed", "5"]
    let first = try transcript(faulty)
    #expect(try transcript(faulty) == first)
    #expect(try transcript(["--faults", "0.4", "--fault-seed", "6"]) != first)
  }

  /// Whoever asks again gets the truth, and the provider bills it once.
  @Test func patienceGetsThroughFaults() throws {
    let seed: UInt64 = 21
    let sandbox = try RunningSandbox(["--faults", "0.5", "--fault-seed", "3", "--seed", "\(seed)"])
    defer { sandbox.stop() }
    let dialect = try Sample.dialect("hunter")
    let rows = try RunningSandbox.rows(150, seed: seed) { outcome in
      switch outcome {
      case .hit, .miss: true
      case .failure, .unknown: false
      }
    }
    var billable = 0
    for row in rows {
      let truth = dialect.answer(RunningSandbox.hunterQuestion(row), seed: seed)
      if truth.isBillable { billable += 1 }
      let expected = try #require(dialect.response(truth))
      var attempts = 0
      var reply = SocketClient.Reply()
      repeat {
        attempts += 1
        reply = try sandbox.askHunter(row, key: "k\(row)", patience: .seconds(1))
      } while attempts < 4 && (reply.ending != .complete || reply.body != expected.body)
      #expect(reply.body == expected.body, "row \(row) after \(attempts) attempts")
      #expect(attempts <= 3, "row \(row)")
    }
    let entry = try #require(try sandbox.entry("hunter"))
    #expect(entry.paid == billable && billable > 20)
    #expect(entry.faults.values.reduce(0, +) > 40 && entry.faults.count > 5)
  }

  /// Whoever waits for everything waits for refusals and for nonsense, too.
  @Test func latencyIsBeforeEveryAnswer() throws {
    let sandbox = try RunningSandbox(["--latency", "300ms"])
    defer { sandbox.stop() }
    let target = "/hunter/email-finder?first_name=A&last_name=B&domain=c.example"
    for (target, headers, status) in [
      (target, [:], 401), ("/hunter/nowhere", [:], 400),
      (target, ["X-API-KEY": "k", "Waterfall-Sandbox-Seed": "x"], 400),
    ] as [(String, [String: String], Int)] {
      let start = ContinuousClock.now
      let reply = try sandbox.server.client.send("GET", target, headers: headers)
      #expect(reply.status == status)
      #expect(ContinuousClock.now - start >= .milliseconds(300), "\(target)")
    }
  }

  /// One person's job is never another one's, whatever was forgotten in between.
  @Test func jobsWithoutAKeyAreNeverTheSame() throws {
    func jobs() throws -> [String] {
      let sandbox = try RunningSandbox()
      defer { sandbox.stop() }
      let first = try #require(try sandbox.submit(1, key: nil).job)
      #expect(try sandbox.server.client.send("DELETE", "/_sandbox/ledger").status == 204)
      return [first, try #require(try sandbox.submit(1, key: nil).job)]
    }
    let all = try jobs() + jobs()
    #expect(Set(all).count == 4, "\(all)")
  }

  // MARK: Ends

  @Test func aSignalEndsItInGoodOrder() throws {
    let sandbox = try RunningSandbox(script: "rules:\n  - {fault: timeout}\n")
    defer { sandbox.stop() }
    let waiting = Thread { _ = try? sandbox.askHunter(1, key: "a") }
    waiting.start()
    while try sandbox.entry("hunter") == nil { usleep(10_000) }
    #expect(sandbox.server.stop() == 0)
  }

  @Test func aPortInUseIsAnError() throws {
    let sandbox = try RunningSandbox()
    defer { sandbox.stop() }
    let failure = Self.failure(["--port", "\(sandbox.server.port)"])
    #expect(failure?.status == 1)
    let words = "the port is in use: somebody listens on 127.0.0.1:\(sandbox.server.port) already"
    #expect(failure?.errors.contains(words) == true)
  }

  @Test(arguments: [
    (["--faults", "1.5"], 64, "--faults: “1.5” is no share"),
    (["--latency", "fast"], 64, "--latency: “fast” is not a duration"),
    (["--pending", "-1"], 64, "pending"),
    (["--providers", "nowhere.yaml"], 1, "nowhere.yaml: this file does not exist"),
    (["--script", "nowhere.yaml"], 1, "nowhere.yaml: this file does not exist"),
  ])
  func mistakesAreNamed(arguments: [String], status: Int32, words: String) throws {
    let failure = Self.failure(["--port", "0", "--providers", Dialects.folder.path] + arguments)
    #expect(failure?.status == status)
    #expect(failure?.errors.contains(words) == true, "\(failure?.errors ?? "it runs")")
  }

  @Test(arguments: [
    ("- {fault: fire}", "“fire” is no fault"),
    ("- {provider: hunter}", "fault"),
    ("- {fault: reset, provider: huntr}", "Did you mean hunter?"),
    ("- {fault: reset, retry_after: 3}", "retry_after"),
    ("- {fault: latency, wait: soon}", "“soon”, not a duration"),
    ("- {fault: reset, nth: 0}", "nth"),
    ("- {fault: reset, stage: nowhere}", "“nowhere” is no stage"),
  ])
  func mistakesInScriptsAreNamedWithTheirPlace(rule: String, words: String) throws {
    do {
      let sandbox = try RunningSandbox(script: "rules:\n  \(rule)\n")
      sandbox.stop()
      Issue.record("it runs")
    } catch let failure as ServerProcess.Failure {
      #expect(failure.status == 1)
      #expect(failure.errors.contains("faults.yaml:2:"), "\(failure.errors)")
      #expect(failure.errors.contains(words), "\(failure.errors)")
    }
  }

  /// How it ends that is not to begin; nil where it runs.
  private static func failure(_ arguments: [String]) -> ServerProcess.Failure? {
    let process = Process()
    process.executableURL = ServerProcess.folder.appending(path: "waterfall-server")
    process.arguments = ["sandbox"] + arguments
    let errors = Pipe()
    process.standardError = errors
    process.standardOutput = FileHandle.nullDevice
    do { try process.run() } catch { return nil }
    let text = errors.fileHandleForReading.readDataToEndOfFile()
    process.waitUntilExit()
    return ServerProcess.Failure(
      status: process.terminationStatus, errors: String(decoding: text, as: UTF8.self))
  }
}
