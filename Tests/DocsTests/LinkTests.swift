import Foundation
import Testing

/// Links between the documents lead somewhere.
@Suite struct LinkTests {
  @Test(arguments: Package.documents) func linksLeadSomewhere(document: Document) throws {
    let folder = URL(filePath: "/" + document.path).deletingLastPathComponent()
    for link in Self.links(of: document) where !link.target.contains("://") {
      let halves = link.target.split(separator: "#", omittingEmptySubsequences: false)
      let file = String(halves[0])
      let path =
        file.isEmpty
        ? document.path : String(folder.appending(path: file).standardized.path.dropFirst())
      let place = document.place(link.line)
      guard FileManager.default.fileExists(atPath: Package.root.appending(path: path).path) else {
        Issue.record("\(place): the link to \(link.target) leads to no file: \(path)")
        continue
      }
      guard halves.count == 2 else { continue }
      let anchors = try Package.document(path).sections.map { Self.anchor($0.title) }
      #expect(
        anchors.contains(String(halves[1])),
        "\(place): \(path) has no heading for #\(halves[1]); it has \(anchors)")
    }
  }

  /// A reader who starts at the index finds every document.
  @Test func theIndexNamesEveryDocument() throws {
    let index = try Package.document("docs/README.md")
    let linked = Set(Self.links(of: index).map { $0.target.prefix { $0 != "#" } })
    for document in Package.documents where document.path.hasPrefix("docs/") {
      let name = document.path.dropFirst("docs/".count)
      #expect(
        name == "README.md" || linked.contains(name), "docs/README.md: add a link to \(name)")
    }
  }

  private static func links(of document: Document) -> [(line: Int, target: String)] {
    zip(document.lines, document.isProse).enumerated().filter(\.element.1).flatMap { index, pair in
      pair.0.matches(of: /\]\(([^)\s]+)\)/).map { (index + 1, String($0.1)) }
    }
  }

  /// As GitHub makes it: lower case, words joined by hyphens, other punctuation dropped.
  private static func anchor(_ title: String) -> String {
    String(
      title.lowercased().compactMap { letter in
        if letter == " " { return "-" }
        return letter.isLetter || letter.isNumber || letter == "-" || letter == "_" ? letter : nil
      })
  }
}
