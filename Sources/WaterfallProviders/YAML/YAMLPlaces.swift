import WaterfallCore
import Yams

/// Where the keys of a document stand, for messages about what was read from it before.
struct YAMLPlaces {
  /// One step down: to the value of a key, or to an item of a list.
  enum Step: ExpressibleByStringLiteral, ExpressibleByIntegerLiteral {
    case key(String)
    case item(Int)

    init(stringLiteral value: String) { self = .key(value) }
    init(integerLiteral value: Int) { self = .item(value) }
  }

  private let root: YAMLValue?
  private let file: String

  /// A text that cannot be parsed has no places but the file.
  init(_ text: String, file: String) {
    root = try? YAMLValue(parsing: text, file: file, example: "")
    self.file = file
  }

  /// `file:line:column` of a scalar's text, and of the key of anything else. Of a path that does
  /// not lead on, its last node that is there.
  func place(_ path: [Step]) -> String {
    guard let root else { return file }
    var place = root.place
    var node = root.node
    for step in path {
      guard let (next, mark) = Self.step(step, from: node) else { break }
      place = mark.map { "\(file):\($0)" } ?? place
      node = next
    }
    return place
  }

  /// The items of a list; 0 where there is none.
  func count(_ path: [Step]) -> Int { node(path)?.sequence?.count ?? 0 }

  /// Whether the path leads somewhere.
  func has(_ path: [Step]) -> Bool { node(path) != nil }

  private func node(_ path: [Step]) -> Node? {
    var node = root?.node
    for step in path { node = node.flatMap { Self.step(step, from: $0)?.0 } }
    return node
  }

  private static func step(_ step: Step, from node: Node) -> (Node, Mark?)? {
    switch step {
    case .key(let name):
      guard let pair = node.mapping?.first(where: { $0.key.scalar?.string == name }) else {
        return nil
      }
      return (pair.value, pair.value.scalar != nil ? pair.value.mark : pair.key.mark)
    case .item(let index):
      guard let items = node.sequence, items.indices.contains(index) else { return nil }
      return (items[index], items[index].mark)
    }
  }
}
