import Synchronization
import TestSupport
import Testing
import WaterfallCore

@testable import WaterfallProviders
@testable import WaterfallServer

/// Whoever asks at a wrong address of a sandbox learns of it: no provider takes it for “not found”.
@Suite struct WrongAddressTests {
  @Test func nobodyReadsAMiss() throws {
    let dialects = try Sample.dialects()
    let desk = SandboxDesk(dialects, SandboxOptions())
    for dialect in dialects {
      let transport = DeskTransport(desk)
      let provider = try HTTPProvider(
        dialect.manifest,
        access: HTTPAccess(transport: transport, base: "http://sandbox/nobody") { () in
          "part1:part2"
        })
      for operation in dialect.operations {
        let answer = Mutex<Answer?>(nil)
        // A row that has everything.
        let question = Sample.question(
          dialect.id, operation, row: 12,
          candidate: operation.role == .finder ? nil : "a@company.example")
        provider.ask(question) { found in answer.withLock { $0 = found } }
        transport.drain()
        let outcome = answer.withLock { $0?.outcome }
        switch outcome {
        case .failure: continue
        default: Issue.record("\(dialect.id) \(operation.name): \(outcome as Any)")
        }
      }
    }
  }

  @Test func theAnswerSaysWhatIsWrong() throws {
    let desk = SandboxDesk([], SandboxOptions())
    func answer(_ path: String) -> (Int, String) {
      let response = desk.answer(
        SandboxRequest(method: "GET", path: path, query: "", headers: [], body: [])
      ).response
      #expect(response.headers.contains { $0.name == "Waterfall-Sandbox-Complaint" })
      return (response.status, String(decoding: response.body, as: UTF8.self))
    }
    #expect(
      answer("/email-finder") == (
        400,
        "sandbox: there is no provider “email-finder” here; GET /_sandbox names those that are\n"
      ))
    #expect(answer("/_sandbox/lodger").0 == 400)
  }
}
