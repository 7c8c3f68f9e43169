/// A JSON document whose strings are templates.
indirect enum JSONTemplate: Sendable, Equatable {
  case string(Template)
  /// A number, `true`, `false` or `null`, sent as written.
  case literal(String)
  case list([JSONTemplate])
  case object([Member])

  struct Member: Sendable, Equatable {
    let name: String
    let value: JSONTemplate
  }

  /// Appends the document. Members and items with an undefined value are left out, and so are
  /// lists and objects that become empty by that; false where nothing is left. `items` stands for
  /// the leaf `{items}`, ready as JSON.
  func append(
    _ values: TemplateValues, items: [UInt8]? = nil, to bytes: inout [UInt8]
  ) -> Bool {
    switch self {
    case .string(let template):
      if let items, template.names == ["items"] {
        bytes.append(contentsOf: items)
        return true
      }
      guard let text = template.render(values) else { return false }
      TextEncoding.appendJSON(text, to: &bytes)
      return true
    case .literal(let text):
      bytes.append(contentsOf: text.utf8)
      return true
    case .list(let list):
      return Self.append(list.count, "[", "]", to: &bytes) { index, bytes in
        list[index].append(values, items: items, to: &bytes)
      }
    case .object(let members):
      return Self.append(members.count, "{", "}", to: &bytes) { index, bytes in
        TextEncoding.appendJSON(members[index].name, to: &bytes)
        bytes.append(UInt8(ascii: ":"))
        return members[index].value.append(values, items: items, to: &bytes)
      }
    }
  }

  /// The elements that are there, between brackets.
  private static func append(
    _ count: Int, _ open: Unicode.Scalar, _ close: Unicode.Scalar, to bytes: inout [UInt8],
    _ element: (Int, inout [UInt8]) -> Bool
  ) -> Bool {
    let start = bytes.count
    bytes.append(UInt8(ascii: open))
    var written = 0
    for index in 0..<count {
      let before = bytes.count
      if written > 0 { bytes.append(UInt8(ascii: ",")) }
      if element(index, &bytes) { written += 1 } else { bytes.removeLast(bytes.count - before) }
    }
    guard written > 0 || count == 0 else {
      bytes.removeLast(bytes.count - start)
      return false
    }
    bytes.append(UInt8(ascii: close))
    return true
  }

  /// Every template in it.
  var templates: [Template] {
    switch self {
    case .string(let template): [template]
    case .literal: []
    case .list(let list): list.flatMap(\.templates)
    case .object(let members): members.flatMap(\.value.templates)
    }
  }
}
