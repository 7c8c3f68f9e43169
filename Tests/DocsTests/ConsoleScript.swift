import Foundation

/// The commands of a document's `console` blocks, and what they are said to print.
///
/// A line that begins with `$ ` is a command. It goes on over lines that end with `\`, and up to the
/// closing word of a here-document. What follows is its output, standard error included: a line that
/// is only `…` stands for any number of lines, and `…` within a line for any text.
struct ConsoleScript {
  struct Step {
    /// Number of the command's first line in the document.
    let line: Int
    let command: [String]
    let expected: [String]

    /// Whether the status is looked at by the next command rather than expected to be 0.
    var asksForStatus: Bool { command == ["echo $?"] }
  }

  let document: Document
  let steps: [Step]

  struct Malformed: Error, CustomStringConvertible {
    let description: String
  }

  init(_ document: Document) throws(Malformed) {
    self.document = document
    var steps: [Step] = []
    for block in document.blocks where block.language == "console" {
      var rest = block.lines[...]
      while !rest.isEmpty { steps.append(try Self.step(&rest, block, document)) }
    }
    self.steps = steps
  }

  private static func step(
    _ rest: inout ArraySlice<String>, _ block: Document.Block, _ document: Document
  ) throws(Malformed) -> Step {
    let line = block.first + rest.startIndex
    guard let first = rest.popFirst(), first.hasPrefix("$ ") else {
      throw Malformed(
        description: "\(document.place(line)): a console block begins with a command: “$ …”")
    }
    var command = [String(first.dropFirst(2))]
    while command[command.count - 1].hasSuffix("\\"), let next = rest.popFirst() {
      command.append(next)
    }
    if let end = closingWord(of: command[0]) {
      while let next = rest.popFirst() {
        command.append(next)
        if next == end { break }
      }
    }
    let output = rest.prefix { !$0.hasPrefix("$ ") }
    rest = rest.dropFirst(output.count)
    return Step(line: line, command: command, expected: Array(output))
  }

  /// `END` for `cat > file <<'END'`.
  private static func closingWord(of command: String) -> String? {
    command.firstMatch(of: /<<'([A-Z]+)'/).map { String($0.1) }
  }
}
