import CJQ
import Synchronization

/// A jq program, compiled once and run many times, from any thread.
final class JQProgram: Sendable {
  struct Failure: Error, Equatable {
    let message: String
  }

  /// A compiled program of libjq's, which one thread at a time may run.
  private struct Machine: @unchecked Sendable {
    let state: OpaquePointer
  }

  /// More than any answer needs, on a busy machine too.
  static let longestRun = Duration.seconds(5)
  /// Whoever runs it waits, and everybody behind them: a program that never ends does not cost that
  /// time for each answer.
  static let mostOverdue = 3

  private let source: String
  private let longest: Duration
  private let idle = Mutex<[Machine]>([])
  /// How often in a row it did not come to an end.
  private let overdue = Mutex(0)

  /// Throws `Failure` with jq's own words for a program that is none.
  init(_ source: String, longest: Duration = longestRun) throws(Failure) {
    self.source = source
    self.longest = longest
    let machine = try Self.compile(source)
    idle.withLock { $0.append(machine) }
  }

  deinit {
    idle.withLock { machines in
      for machine in machines {
        var state: OpaquePointer? = machine.state
        jq_teardown(&state)
      }
    }
  }

  /// Runs the program on `input`, which it takes over, and returns its first output; nil where it
  /// has none. Throws `Failure` with the program's own error, or where it does not come to an end;
  /// after three of those in a row it is not run any more.
  func first(of input: jv) throws(Failure) -> JSON? {
    guard overdue.withLock({ $0 < Self.mostOverdue }) else {
      jv_free(input)
      throw Failure(
        message: "it was ended \(Self.mostOverdue) times after \(longest), and is not run any more")
    }
    guard let machine = idle.withLock({ $0.popLast() }) ?? (try? Self.compile(source)) else {
      jv_free(input)
      throw Failure(message: "out of memory")
    }
    defer { idle.withLock { $0.append(machine) } }
    jq_start(machine.state, input, 0)
    let run = JQWatch.shared.begin(machine.state, longest: longest)
    let output = jq_next(machine.state)
    guard !JQWatch.shared.end(run) || jv_get_kind(output) != JV_KIND_INVALID else {
      jv_free(output)
      overdue.withLock { $0 += 1 }
      throw Failure(message: "it was ended after \(longest)")
    }
    overdue.withLock { $0 = 0 }
    guard jv_get_kind(output) == JV_KIND_INVALID else { return JSON(taking: output) }
    guard jv_invalid_has_msg(jv_copy(output)) != 0 else {
      jv_free(output)
      return nil
    }
    let message = JSON(taking: jv_invalid_get_msg(output))
    throw Failure(message: message.scalarText ?? "it failed")
  }

  private static func compile(_ source: String) throws(Failure) -> Machine {
    guard let state = jq_init() else { throw Failure(message: "out of memory") }
    let messages = Messages()
    jq_set_error_cb(
      state,
      { context, message in
        let text = JSON(taking: message).scalarText ?? ""
        guard let context else { return }
        Unmanaged<Messages>.fromOpaque(context).takeUnretainedValue().texts.append(text)
      }, Unmanaged.passUnretained(messages).toOpaque())
    defer { jq_set_error_cb(state, { _, message in jv_free(message) }, nil) }
    let isCompiled = withExtendedLifetime(messages) { jq_compile(state, source) != 0 }
    guard isCompiled else {
      var state: OpaquePointer? = state
      jq_teardown(&state)
      throw Failure(message: messages.summary)
    }
    return Machine(state: state)
  }

  /// What jq complains about while it compiles.
  private final class Messages {
    var texts: [String] = []

    /// The first complaint without jq's own preamble.
    var summary: String {
      let first =
        texts.first?.split(separator: "\n").first.map(String.init) ?? "it does not compile"
      let plain = first.replacing("jq: error: ", with: "")
      return plain.replacing(" (Unix shell quoting issues?)", with: "")
        .replacing(#/ at <top-level>, line \d+:/#, with: "").replacing("$end", with: "end")
    }
  }
}

extension JQProgram {
  /// Names that every expression of a manifest may use, around `body`: a program on `.`, the JSON
  /// body of a response.
  static func prelude(_ body: String) -> String {
    """
    def __one(f): [first(f)] | .[0];
    def __fits(f): try (__one(f) | . != null and . != false) catch false;
    def __read(f): try {v: __one(f)} catch {e: tostring};
    . as {status: $status, headers: $headers, inputs: $inputs, body: $__body} | $__body |
    \(body)
    """
  }

  /// An expression where it may end in a comment.
  static func enclosed(_ expression: String) -> String { "(\(expression)\n)" }

  /// Throws `Failure` where the expression does not compile by itself, without the parentheses that
  /// it gets in a program.
  static func check(_ expression: String) throws(Failure) {
    _ = try JQProgram(prelude(expression))
  }

  /// The same for many expressions, compiled once: each stands by itself and in parentheses, so
  /// that none can end what it stands in. Throws `Failure` for any of them.
  static func check(all expressions: [String]) throws(Failure) {
    guard !expressions.isEmpty else { return }
    let definitions = expressions.enumerated().map { index, expression in
      "def __bare\(index): \(expression)\n;\ndef __enclosed\(index): \(enclosed(expression));\n"
    }
    // Definitions that nobody calls are not looked into.
    let calls = expressions.indices.map { "__bare\($0), __enclosed\($0)" }
    _ = try JQProgram(
      prelude(definitions.joined() + "if false then \(calls.joined(separator: ", ")) else null end")
    )
  }
}
