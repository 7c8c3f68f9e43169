import Synchronization
import WaterfallCore
import WaterfallProviders
import WaterfallReports

/// What one provider was asked, and what it would bill. Thread-safe.
final class LedgerPage: Sendable {
  private struct Entry {
    var requests = 0
    var faults: [Fault.Kind: Int] = [:]
    var questions: Set<String> = []
    var paid: Set<String> = []
  }

  private struct Page {
    var entries: [SandboxOperation: Entry] = [:]
    /// Requests that nobody could make sense of.
    var unknown = 0
    /// Questions without a key, from the start of the sandbox: what was forgotten is no other
    /// question's either.
    var nameless = 0
  }

  private let page = Mutex(Page())

  func forget() { page.withLock { $0 = Page(nameless: $0.nameless) } }

  func countUnknown() { page.withLock { $0.unknown += 1 } }

  /// Counts a request and its question, and returns the question's key: a new one for a question
  /// that comes without.
  func count(_ operation: SandboxOperation, _ key: String?, isRequest: Bool = true) -> String {
    page.withLock { page in
      if key == nil { page.nameless += 1 }
      let key = key ?? "#\(page.nameless)"
      if isRequest { page.entries[operation, default: Entry()].requests += 1 }
      page.entries[operation, default: Entry()].questions.insert(key)
      return key
    }
  }

  func countPoll(_ operation: SandboxOperation) {
    page.withLock { $0.entries[operation, default: Entry()].requests += 1 }
  }

  func count(_ fault: Fault.Kind, _ operation: SandboxOperation) {
    page.withLock { $0.entries[operation, default: Entry()].faults[fault, default: 0] += 1 }
  }

  /// Bills a question, once.
  func pay(_ operation: SandboxOperation, _ key: String) {
    page.withLock { _ = $0.entries[operation, default: Entry()].paid.insert(key) }
  }

  /// nil where nobody asked anything.
  func document(_ provider: ProviderID, _ withKeys: Bool) -> JSONValue? {
    let page = page.withLock { $0 }
    guard !page.entries.isEmpty || page.unknown > 0 else { return nil }
    let entries = page.entries.sorted { $0.key.name < $1.key.name }
    return .object([
      "provider": .string(provider.rawValue),
      "unknown_requests": .integer(Int64(page.unknown)),
      "operations": .array(entries.map { Self.document($0.key, $0.value, withKeys) }),
    ])
  }

  private static func document(
    _ operation: SandboxOperation, _ entry: Entry, _ withKeys: Bool
  ) -> JSONValue {
    let faults = Fault.Kind.allCases.compactMap { kind in
      entry.faults[kind].map { JSONValue.Member(kind.rawValue, .integer(Int64($0))) }
    }
    var members: [JSONValue.Member] = [
      .init("role", .string(operation.role == .finder ? "finder" : "verifier")),
      .init("field", .string(operation.field.rawValue)),
      .init("requests", .integer(Int64(entry.requests))),
      .init("faults", .members(faults)),
      .init("questions", .integer(Int64(entry.questions.count))),
      .init("paid", .integer(Int64(entry.paid.count))),
    ]
    if withKeys {
      members.append(.init("paid_keys", .array(entry.paid.sorted().map { .string($0) })))
    }
    return .members(members)
  }
}
