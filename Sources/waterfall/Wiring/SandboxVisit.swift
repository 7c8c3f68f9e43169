import CurlTransport
import Dispatch
import Foundation
import Synchronization
import WaterfallCore
import WaterfallProviders

/// A look whether a sandbox is there, before a run begins or goes on with it: asked at a wrong
/// address, every question would fail, and the run would be done.
enum SandboxVisit {
  /// Throws `UserError` where nobody answers at `url`, or somebody who is no sandbox; `outcome` says
  /// what becomes of the run then. Waits for the answer, some seconds at most.
  static func check(_ url: String, _ outcome: String) throws {
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
    case .failure(let failure):
      let start = SandboxStart(at: url).map { "If it does not run, start it with “\($0.command)”" }
      throw refusal("no sandbox answers: \(failure.message). \(outcome)", url, start)
    default: throw refusal("what answers there is no sandbox. \(outcome)", url)
    }
  }

  private static func isSandbox(_ response: HTTPResponse) -> Bool {
    struct Description: Decodable { let schema: String }
    let description = try? JSONDecoder().decode(Description.self, from: Data(response.body))
    return response.status == 200
      && description?.schema.hasPrefix("waterfall.sandbox/") == true
  }

  private static func refusal(
    _ what: String, _ url: String, _ start: String? = nil
  ) -> UserError {
    UserError(
      .input, what, place: url,
      remedy: (start ?? "Start one with “waterfall sandbox”")
        + ", or say where it is: --sandbox URL.")
  }
}

/// How to start a sandbox where a URL of this machine expects one.
struct SandboxStart {
  let command: String

  /// nil for another machine's URL, and for one with TLS, which a sandbox does not speak.
  init?(at url: String) {
    guard let parts = URLComponents(string: url), parts.scheme?.lowercased() == "http",
      let host = parts.host?.lowercased().trimmingCharacters(in: ["[", "]"])
    else { return nil }
    let isIPv4 = host.hasPrefix("127.") && host.allSatisfy { $0.isNumber || $0 == "." }
    guard host == "localhost" || host == "::1" || isIPv4 else { return nil }
    let isUsual = ["localhost", "127.0.0.1"].contains(host)
    command = "waterfall sandbox --port \(parts.port ?? 80)" + (isUsual ? "" : " --host \(host)")
  }
}
