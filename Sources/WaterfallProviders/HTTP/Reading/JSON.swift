import CJQ
import WaterfallCore

/// A value that a jq program yields.
indirect enum JSON: Sendable, Equatable {
  case null
  case bool(Bool)
  case number(Double)
  case string(String)
  case list([JSON])
  case object([String: JSON])

  /// A scalar as text, for words and values: whole numbers without a fraction. nil for null, lists
  /// and objects.
  var scalarText: String? {
    switch self {
    case .string(let text): text
    case .number(let number): Self.text(of: number)
    case .bool(let flag): flag ? "true" : "false"
    case .null, .list, .object: nil
    }
  }

  static func text(of number: Double) -> String {
    Int64(exactly: number).map { String($0) } ?? String(number)
  }

  subscript(name: String) -> JSON? {
    if case .object(let members) = self { members[name] } else { nil }
  }

  subscript(index: Int) -> JSON? {
    guard case .list(let items) = self, items.indices.contains(index) else { return nil }
    return items[index]
  }

  /// Takes a value of libjq's over, and frees it.
  init(taking value: jv) {
    switch jv_get_kind(value) {
    case JV_KIND_TRUE: self = .bool(true)
    case JV_KIND_FALSE: self = .bool(false)
    case JV_KIND_NUMBER: self = .number(jv_number_value(value))
    case JV_KIND_STRING: self = .string(Self.text(of: value))
    case JV_KIND_ARRAY:
      let count = jv_array_length(jv_copy(value))
      self = .list((0..<count).map { JSON(taking: jv_array_get(jv_copy(value), $0)) })
    case JV_KIND_OBJECT: self = .object(Self.members(of: value))
    default: self = .null
    }
    jv_free(value)
  }

  private static func members(of value: jv) -> [String: JSON] {
    var members: [String: JSON] = [:]
    var place = jv_object_iter(value)
    while jv_object_iter_valid(value, place) != 0 {
      let name = jv_object_iter_key(value, place)
      members[text(of: name)] = JSON(taking: jv_object_iter_value(value, place))
      jv_free(name)
      place = jv_object_iter_next(value, place)
    }
    return members
  }

  /// Does not free it.
  static func text(of value: jv) -> String {
    let bytes = UnsafeRawBufferPointer(
      start: jv_string_value(value), count: Int(jv_string_length_bytes(jv_copy(value))))
    return String(decoding: bytes, as: UTF8.self)
  }
}

/// Making values of libjq's.
enum JQInput {
  static func string(_ text: String) -> jv {
    var text = text
    return text.withUTF8 { bytes in
      bytes.withMemoryRebound(to: CChar.self) {
        jv_string_sized($0.baseAddress, Int32($0.count))
      }
    }
  }

  static func object(_ members: some Sequence<(name: String, value: String)>) -> jv {
    var object = jv_object()
    for (name, value) in members { object = jv_object_set(object, string(name), string(value)) }
    return object
  }

  static func isJSON(_ bytes: [UInt8]) -> Bool {
    guard let value = parse(bytes) else { return false }
    jv_free(value)
    return true
  }

  /// Parses one JSON document; nil for anything else. O(length); at most 256 levels deep.
  ///
  /// Whole numbers of more digits than a double holds, such as identifiers of 64 bits, become
  /// texts: libjq would round them.
  static func parse(_ bytes: [UInt8]) -> jv? {
    let bytes = LongNumbers.quoted(bytes)
    let value = bytes.withUnsafeBytes { raw in
      raw.withMemoryRebound(to: CChar.self) {
        jv_parse_sized($0.baseAddress, Int32(clamping: $0.count))
      }
    }
    guard jv_get_kind(value) != JV_KIND_INVALID else {
      jv_free(value)
      return nil
    }
    return value
  }
}
