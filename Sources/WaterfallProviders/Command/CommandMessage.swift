import Foundation
import WaterfallCore

/// The lines that go to a program, and those that come back.
enum CommandMessage {
  /// A question as one line of JSON, with its line end. `names` are the inputs that go along, as
  /// far as the row has them.
  static func line(_ id: Int, _ question: Question, _ names: [InputName]) -> [UInt8] {
    var inputs: [String: String] = [:]
    for name in names { inputs[name.rawValue] = question.inputs[name] }
    let line = Line(
      id: String(id), action: question.candidate == nil ? "find" : "verify",
      field: question.field.rawValue, inputs: inputs, value: question.candidate,
      idempotencyKey: question.idempotencyKey)
    let encoder = JSONEncoder()
    encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
    // Texts and nothing else: there is no value that JSON does not have.
    let data = (try? encoder.encode(line)) ?? Data()
    return Array(data) + [UInt8(ascii: "\n")]
  }

  private struct Line: Encodable {
    let id: String
    let action: String
    let field: String
    let inputs: [String: String]
    let value: String?
    let idempotencyKey: String

    enum CodingKeys: String, CodingKey {
      case id, field, inputs, value
      case action = "do"
      case idempotencyKey = "idempotency_key"
    }
  }
}

/// A line that a program printed.
enum CommandReply {
  /// It says that it can be asked from now on.
  case ready
  /// It answers the question with this number.
  case answer(Int, Content)
  /// It answers nothing that could have been asked.
  case noAnswer(String)

  init(_ line: [UInt8]) {
    let data = Data(line)
    let decoder = JSONDecoder()
    guard let head = try? decoder.decode(Head.self, from: data) else {
      self = .noAnswer("no JSON object")
      return
    }
    guard let id = head.id else {
      self = head.isReady ? .ready : .noAnswer("without an “id” that is a text")
      return
    }
    // As it was written: 07 is not 7.
    guard let number = Int(id), String(number) == id else {
      self = .noAnswer("with an “id” that nobody gave")
      return
    }
    self = .answer(number, Content(data, decoder))
  }

  /// What can be read whatever else the line holds.
  private struct Head: Decodable {
    let id: String?
    let isReady: Bool

    enum CodingKeys: String, CodingKey { case id, ready }

    init(from decoder: any Decoder) throws {
      let values = try decoder.container(keyedBy: CodingKeys.self)
      id = try? values.decode(String.self, forKey: .id)
      isReady = (try? values.decode(Bool.self, forKey: .ready)) == true
    }
  }
}

extension CommandReply {
  /// What an answer says, as far as it can be understood.
  enum Content: Equatable {
    case value(String, cost: Credits?)
    case miss(cost: Credits?)
    case verdict(Verdict, cost: Credits?)
    case failure(FailureReason, message: String?)
    /// Why it cannot be understood.
    case malformed(String)
  }
}

extension CommandReply.Content {
  private static let failures: [FailureReason] = [
    .rateLimited, .credentials, .quota, .refused, .unavailable,
  ]
  private static let verdicts: [String: Verdict] = [
    "valid": .valid, "invalid": Verdict(.invalid, .nonexistent),
    "catch_all": Verdict(.risky, .catchAll), "unknown": Verdict(.unverified, .undetermined),
  ]

  fileprivate init(_ data: Data, _ decoder: JSONDecoder) {
    do {
      self = try Self.content(of: decoder.decode(Body.self, from: data))
    } catch DecodingError.typeMismatch(_, let context), DecodingError.dataCorrupted(let context) {
      guard let name = context.codingPath.first?.stringValue else {
        self = .malformed("a number is too large")
        return
      }
      self = .malformed("“\(name)” has the wrong type")
    } catch let flaw as Flaw {
      self = .malformed(flaw.words)
    } catch {
      self = .malformed("it cannot be read")
    }
  }

  private struct Flaw: Error {
    let words: String
  }

  private struct Body: Decodable {
    let value: String?
    let hasValue: Bool
    let miss: Bool?
    let failure: String?
    let verdict: String?
    let message: String?
    let cost: Decimal?

    enum CodingKeys: String, CodingKey { case value, miss, failure, verdict, message, cost }

    init(from decoder: any Decoder) throws {
      let values = try decoder.container(keyedBy: CodingKeys.self)
      hasValue = values.contains(.value)
      value = try values.decodeIfPresent(String.self, forKey: .value)
      miss = try values.decodeIfPresent(Bool.self, forKey: .miss)
      failure = try values.decodeIfPresent(String.self, forKey: .failure)
      verdict = try values.decodeIfPresent(String.self, forKey: .verdict)
      message = try values.decodeIfPresent(String.self, forKey: .message)
      cost = try values.decodeIfPresent(Decimal.self, forKey: .cost)
    }
  }

  private static func content(of body: Body) throws(Flaw) -> Self {
    let saysMiss = body.miss == true
    let count = [body.hasValue, saysMiss, body.failure != nil, body.verdict != nil].count { $0 }
    guard count > 0 else { throw Flaw(words: "it says neither value, miss, failure nor verdict") }
    guard count == 1 else { throw Flaw(words: "it says more than one thing") }
    let cost = try cost(body.cost)
    if let word = body.failure {
      guard let reason = failures.first(where: { $0.rawValue == word }) else {
        throw Flaw(words: "“failure” is none of the words for it")
      }
      return .failure(reason, message: body.message)
    }
    if let word = body.verdict {
      guard let verdict = verdicts[word] else {
        throw Flaw(words: "“verdict” is none of the words for it")
      }
      return .verdict(verdict, cost: cost)
    }
    let value = CanonicalText.trimmed(body.value ?? "")
    return value.isEmpty ? .miss(cost: cost) : .value(value, cost: cost)
  }

  private static func cost(_ number: Decimal?) throws(Flaw) -> Credits? {
    guard let number else { return nil }
    guard let cost = try? Credits(parsing: "\(number)"), cost >= .zero else {
      throw Flaw(words: "“cost” is no amount of credits")
    }
    return cost
  }
}
