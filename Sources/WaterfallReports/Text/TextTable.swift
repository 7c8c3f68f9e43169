/// Aligned columns of text, two spaces apart, without borders or spaces at the end of a line.
///
/// Cells may hold anything: control characters are made visible. Widths count what a terminal
/// shows, so that accents and East Asian text stay aligned.
public struct TextTable: Sendable {
  public enum Alignment: Sendable {
    case left
    case right
  }

  public struct Column: Sendable {
    let title: String
    let alignment: Alignment
    let minimum: Int
    let limit: Int?

    /// - Parameters:
    ///   - minimum: The least width, in terminal cells.
    ///   - limit: The width from which cells are cut with an ellipsis; nil cuts nothing.
    public init(
      _ title: String, _ alignment: Alignment = .left, minimum: Int = 0, limit: Int? = nil
    ) {
      self.title = title
      self.alignment = alignment
      self.minimum = minimum
      self.limit = limit.map { max($0, 1) }
    }

    func shown(_ cell: String) -> String {
      let visible = VisibleText.of(cell)
      return limit.map { DisplayWidth.truncate(visible, to: $0) } ?? visible
    }
  }

  private let columns: [Column]
  private var rows: [[String]] = []

  public init(_ columns: [Column]) { self.columns = columns }

  public var isEmpty: Bool { rows.isEmpty }

  /// Adds a row. Missing cells at its end are empty; surplus ones are ignored.
  public mutating func add(_ cells: [String]) {
    rows.append(zip(columns, cells).map { $0.shown($1) })
  }

  /// The titles and the rows, each column as wide as its widest cell, after `indent` spaces.
  public func lines(indent: Int = 0) -> [String] {
    let titles = columns.map(\.title)
    var widths = columns.map { max($0.minimum, DisplayWidth.of($0.title)) }
    for row in rows {
      for (index, cell) in row.enumerated() {
        widths[index] = max(widths[index], DisplayWidth.of(cell))
      }
    }
    return ([titles] + rows).map { line($0, widths: widths, indent: indent) }
  }

  /// The titles alone, for a table that is printed row by row: the columns' minimum widths hold,
  /// and a wider cell pushes the rest of its own line only.
  public var heading: String { line(columns.map(\.title), widths: columns.map(\.minimum)) }

  /// One row of a table that is printed row by row.
  public func line(of cells: [String]) -> String {
    line(zip(columns, cells).map { $0.shown($1) }, widths: columns.map(\.minimum))
  }

  private func line(_ cells: [String], widths: [Int], indent: Int = 0) -> String {
    var line = String(repeating: " ", count: indent)
    for (index, cell) in cells.enumerated() {
      if index > 0 { line += "  " }
      let padding = String(
        repeating: " ", count: max(0, widths[index] - DisplayWidth.of(cell)))
      line += columns[index].alignment == .left ? cell + padding : padding + cell
    }
    while line.last == " " { line.removeLast() }
    return line
  }
}
