public import WaterfallCore

/// A JSON document whose objects keep the order of their members and whose numbers are exact.
///
/// For writing only.
public enum JSONValue: Sendable, Equatable {
  case null
  case bool(Bool)
  case integer(Int64)
  /// Beyond `Int64`: seeds. Written in full, though some readers keep 53 bits only.
  case unsigned(UInt64)
  case decimal(ExactDecimal)
  case string(String)
  case array([JSONValue])
  case members([Member])

  /// One name and its value. Names are not checked for uniqueness.
  public struct Member: Sendable, Equatable {
    public let name: String
    public let value: JSONValue

    public init(_ name: String, _ value: JSONValue) {
      self.name = name
      self.value = value
    }
  }

  /// An object with its members in the order given.
  public static func object(_ members: KeyValuePairs<String, JSONValue>) -> JSONValue {
    .members(members.map { Member($0.key, $0.value) })
  }

  /// An amount of credits as a number with up to six decimals, exactly.
  public static func amount(_ credits: Credits) -> JSONValue { .decimal(ExactDecimal(credits)) }

  /// UTC to the second, as ISO 8601; null for `Timestamp.never`.
  public static func time(_ time: Timestamp) -> JSONValue {
    time == .never ? .null : .string(time.iso8601)
  }
}

extension JSONValue {
  /// The value, or null where there is none.
  static func optional<Value>(_ value: Value?, _ make: (Value) -> JSONValue) -> JSONValue {
    value.map(make) ?? .null
  }

  /// A sum of micro-credits, exactly.
  static func amount(_ micro: Int128) -> JSONValue {
    .decimal(ExactDecimal(unscaled: micro, scale: 6))
  }

  static func optional(_ decimal: ExactDecimal?) -> JSONValue { optional(decimal) { .decimal($0) } }

  /// Counts by reason, in the order of the reasons' declaration; absent reasons are left out.
  static func counts<Reason>(_ counts: [Reason: Int64]) -> JSONValue
  where Reason: CaseIterable & Hashable & RawRepresentable<String> {
    .members(
      Reason.allCases.compactMap { reason in
        counts[reason].map { Member(reason.rawValue, .integer($0)) }
      })
  }
}

extension JSONValue: ExpressibleByStringLiteral {
  public init(stringLiteral value: String) { self = .string(value) }
}
