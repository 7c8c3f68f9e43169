import CurlTransport
import Dispatch
import Foundation
import Synchronization
import WaterfallCore
import WaterfallProviders

/// A look whether a sandbox is there, before a run goes on with it: asked at a wrong address, every
/// question would fail, and the run would be done.
enum SandboxVisit {
  /// Throws `UserError` where nobody answers at `url`, or somebody who is no sandbox. Waits for the
  /// answer, some seconds at most.
  static func check(_ url: String) throws {
    let transport = try CurlTransport(.init(environment: ProcessInfo.processInfo.environment))
    defer { transport.close() }
    var request = HTTPRequest(url: url + "/_sandbox")
    request.timeouts.connect = .seconds(5)
    request.timeouts.firstByte = .seconds(15)
    request.timeouts.total = .seconds(20)
    let answer = Mutex<Result<HTTPResponse, HTTPFailure>?>(nil)
    let isThere = DispatchSemaphore(value: 0)
    transport.send(request) { result in
      answer.withLock { $0 = result }
      isThere.signal()
    }
    isThere.wait()
    switch answer.withLock({ $0 }) {
    case .success(let response) where isSandbox(response): return
    case .failure(let failure): throw refusal("no sandbox answers: \(failure.message)", url)
    default: throw refusal("what answers there is no sandbox", url)
    }
  }

  private static func isSandbox(_ response: HTTPResponse) -> Bool {
    struct Description: Decodable { let schema: String }
    let description = try? JSONDecoder().decode(Description.self, from: Data(response.body))
    return response.status == 200
      && description?.schema.hasPrefix("waterfall.sandbox/") == true
  }

  private static func refusal(_ what: String, _ url: String) -> UserError {
    UserError(
      .input, "\(what). The run is as it was", place: url,
      remedy: "Start one with “waterfall sandbox”, or say where it is: --sandbox URL.")
  }
}
