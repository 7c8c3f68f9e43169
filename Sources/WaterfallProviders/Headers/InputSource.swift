/// Where the value of an input comes from: one or two columns, and what is done with them.
public struct InputSource: Sendable, Equatable {
  public enum Transform: Sendable, Equatable {
    /// The value without the spaces around it.
    case trimmed
    /// The same, and empty for a word that stands for nothing, such as `n/a`.
    case unlessPlaceholder
    /// The domain of a website or an address: `Website` says what is one.
    case host
    /// Two columns with a space between them; empty unless both have a value.
    case joined
    /// The first name of a full name, where it is beyond doubt.
    case firstName
    /// The last name of a full name, where it is beyond doubt.
    case lastName
  }

  /// 0-based positions in the header.
  public let columns: [Int]
  public let transform: Transform

  public init(columns: [Int], transform: Transform) {
    self.columns = columns
    self.transform = transform
  }

  /// The input’s value, empty where there is none. O(length).
  ///
  /// - Parameter cells: the decoded cells at `columns`, in that order.
  public func value(_ cells: [String]) -> String { value(of: cells[0], cells.last ?? "") }

  /// The same, with the cells read by their columns: nothing is gathered first.
  public func value(reading cell: (_ column: Int) -> String) -> String {
    value(of: cell(columns[0]), columns.count > 1 ? cell(columns[1]) : "")
  }

  private func value(of first: String, _ second: String) -> String {
    switch transform {
    case .trimmed: Self.trimmed(first)
    case .unlessPlaceholder: Self.unlessPlaceholder(Self.trimmed(first))
    case .host: Website.domain(in: first)
    case .joined: Self.joined(Self.trimmed(first), Self.trimmed(second))
    case .firstName: FullName(first)?.first ?? ""
    case .lastName: FullName(first)?.last ?? ""
    }
  }

  private static func unlessPlaceholder(_ text: String) -> String {
    text.utf8.count <= Placeholder.longest && Placeholder.matches(text) ? "" : text
  }

  private static func joined(_ left: String, _ right: String) -> String {
    left.isEmpty || right.isEmpty ? "" : "\(left) \(right)"
  }

  /// Most cells have nothing to trim: those are looked at and returned as they are.
  private static func trimmed(_ text: String) -> String {
    guard let first = text.utf8.first, let last = text.utf8.last,
      first <= 0x20 || first >= 0x80 || last <= 0x20 || last >= 0x80
    else { return text }
    return CanonicalText.trimmed(text)
  }

  /// How the mapping describes the source.
  func description(_ headers: [String]) -> String {
    let names = columns.map { headers[$0] }
    return switch transform {
    case .trimmed, .unlessPlaceholder: names.joined()
    case .host: "\(names.joined()) (host of the URL)"
    case .joined: names.joined(separator: " + ")
    case .firstName: "\(names.joined()) (first name, where it is beyond doubt)"
    case .lastName: "\(names.joined()) (last name, where it is beyond doubt)"
    }
  }
}
