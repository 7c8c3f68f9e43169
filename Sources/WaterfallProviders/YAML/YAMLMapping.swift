import WaterfallCore
import Yams

/// A mapping whose keys are all known.
struct YAMLMapping {
  let value: YAMLValue
  /// In the order written.
  let entries: [(key: YAMLValue, name: String, value: YAMLValue)]

  subscript(name: String) -> YAMLValue? {
    entries.first { $0.name == name }?.value
  }

  /// The value of a key that must be there.
  func required(_ name: String) throws(UserError) -> YAMLValue {
    guard let found = self[name] else {
      let owner = value.path.isEmpty ? "the document" : value.path
      throw value.error("the key “\(name)” is missing in \(owner)", remedy: "Add “\(name):”")
    }
    return found
  }

  /// Reads the value of a key where there is one.
  func optional<Read>(
    _ name: String, _ read: (YAMLValue) throws(UserError) -> Read
  ) throws(UserError) -> Read? {
    guard let found = self[name] else { return nil }
    return try read(found)
  }
}

extension YAMLValue {
  /// This node as a mapping with any keys, each of them a text.
  func mapping() throws(UserError) -> YAMLMapping {
    guard case .mapping(let mapping) = node else {
      throw error(
        "\(title) is \(shape), not a mapping of keys to values",
        remedy: "Write lines of the form “key: value” below it")
    }
    var entries: [(key: YAMLValue, name: String, value: YAMLValue)] = []
    for (keyNode, valueNode) in mapping {
      let key = child(keyNode, path: path)
      guard case .scalar(let scalar) = keyNode, !isNull(scalar) else {
        throw key.error("a key of \(title) is \(key.shape), not a name")
      }
      let name = scalar.string
      guard !entries.contains(where: { $0.name == name }) else {
        throw key.error(
          "\(isSecret ? "a key" : "the key “\(name)”") appears more than once in the same mapping",
          remedy: "Keep one of them")
      }
      let inner = path.isEmpty ? name : "\(path).\(name)"
      entries.append((key, name, key.child(valueNode, path: inner)))
    }
    return YAMLMapping(value: self, entries: entries)
  }

  /// This node as a mapping with keys out of `known` only.
  func mapping(of known: [String]) throws(UserError) -> YAMLMapping {
    let mapping = try mapping()
    for entry in mapping.entries where !known.contains(entry.name) {
      throw entry.key.error(
        "unknown key \(isSecret ? "" : "“\(entry.name)” ")in \(title)",
        remedy: Suggestion.sentence(for: entry.name, among: known)
          ?? "The keys here are \(known.joined(separator: ", "))")
    }
    return mapping
  }

  /// The items of a list.
  func items() throws(UserError) -> [YAMLValue] {
    guard case .sequence(let sequence) = node else {
      let written =
        if case .scalar(let scalar) = node, !isNull(scalar) { scalar.string } else { "…" }
      throw error("\(title) is \(shape), not a list", remedy: "Write [\(written)]")
    }
    var items: [YAMLValue] = []
    for (index, item) in sequence.enumerated() {
      items.append(child(item, path: "\(path)[\(index)]"))
    }
    return items
  }
}
