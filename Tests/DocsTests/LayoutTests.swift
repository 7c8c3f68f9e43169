import Testing

/// How the documents look on the disk.
@Suite struct LayoutTests {
  @Test(arguments: Package.documents) func linesAreTidy(document: Document) {
    for (index, (line, isProse)) in zip(document.lines, document.isProse).enumerated() {
      let place = document.place(index + 1)
      #expect(line.last != " ", "\(place): spaces at the end of the line: remove them")
      #expect(!line.contains("\t"), "\(place): a tab: write spaces")
      #expect(
        !isProse || line.hasPrefix("|") || line.count <= 100,
        "\(place): \(line.count) columns: break the line at 100")
    }
    #expect(document.lines.last == "", "\(document.path): end the file with a line end")
  }

  @Test(arguments: Package.documents) func pathsAreRelative(document: Document) {
    let absolute = /(?:^|[\s"'`(=])(\/(?:home|root|tmp|work|Users|var|private|mnt)\/[^\s`)]*)/
    for (index, line) in document.lines.enumerated() {
      if let match = line.firstMatch(of: absolute) {
        Issue.record("\(document.place(index + 1)): \(match.1): write “…” for the folder")
      }
    }
  }

  @Test(arguments: Package.documents) func fencesAreClosedAndNamed(document: Document) {
    let fences = document.lines.filter { $0.hasPrefix("```") }.count
    #expect(fences.isMultiple(of: 2), "\(document.path): a fenced block is not closed")
    for block in document.blocks {
      #expect(
        ["console", "sh", "yaml", "json", "sql", "text", "swift"].contains(block.language),
        """
        \(document.place(block.first - 1)): “\(block.language)” is no language used here: console \
        for commands that the tests run, sh for those they do not, yaml, json, sql, text or swift
        """)
    }
  }
}
