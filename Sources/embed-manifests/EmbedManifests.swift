import Foundation

/// `embed-manifests OUTPUT FOLDER FILE…`: writes a Swift file with the texts of the files.
///
/// Run by the build only. Each text becomes a raw string literal with enough number signs that
/// nothing in it can end it; a carriage return is refused, because the compiler would drop it.
@main struct EmbedManifests {
  static func main() throws {
    let arguments = CommandLine.arguments.dropFirst()
    guard let output = arguments.first, let folder = arguments.dropFirst().first else {
      throw EmbeddingError(problem: "usage: embed-manifests OUTPUT FOLDER FILE…")
    }
    let files = arguments.dropFirst(2)
    var source = """
      // Made from providers/ by the build.
      enum EmbeddedTexts {
        static let files: [(path: String, text: String)] = [

      """
    for file in files.sorted() {
      source += "(path: \(literal(file)), text: \(literal(try text(of: file, in: folder)))),\n"
    }
    source += "  ]\n}\n"
    try Data(source.utf8).write(to: URL(filePath: output))
  }

  static func text(of file: String, in folder: String) throws -> String {
    let data = try Data(contentsOf: URL(filePath: folder).appending(path: file))
    guard let text = String(validating: data, as: UTF8.self) else {
      throw EmbeddingError(problem: "\(file) is not UTF-8")
    }
    guard !text.utf8.contains(where: { $0 == 0 || $0 == UInt8(ascii: "\r") }) else {
      throw EmbeddingError(problem: "\(file) has a carriage return or a zero byte")
    }
    return text
  }

  static func literal(_ text: String) -> String {
    var signs = "#"
    while text.contains("\"\"\"\(signs)") || text.contains("\\\(signs)") { signs += "#" }
    return "\(signs)\"\"\"\n\(text)\n\"\"\"\(signs)"
  }
}

struct EmbeddingError: Error, CustomStringConvertible {
  let problem: String
  var description: String { problem }
}
