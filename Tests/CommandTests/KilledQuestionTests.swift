import Testing

/// The tool is killed while it asks a provider that knows no repeated question: only what the
/// provider had room for is in doubt afterwards, however many rows were waiting.
struct KilledQuestionTests {
  private static let rows = 300
  private static let room = 8

  @Test func onlyWhatWasHandedOverIsInDoubt() throws {
    let run = try KilledRun(
      of: "hunter", key: "WATERFALL_MANAGED_KEY_HUNTER", rows: Self.rows,
      sandbox: ["--latency", "10ms"]
    ) { manifest in
      let limits = /\n  limits: .*\n/
      try #require(manifest.contains(limits))
      return manifest.replacing(limits, with: "\n  concurrency: \(Self.room / 2)\n")
    }
    defer { run.runner.cleanUp() }
    try run.killAndResume(once: "SELECT count(*) > 20 FROM attempt", is: "1")
    let sums = try Database.rows(
      run.path, "SELECT count(*), sum(outcome = 'unknown'), sum(captured > 0) FROM attempt")
    let counts = sums[0].split(separator: "|").compactMap { Int($0) }
    try #require(counts.count == 3 && counts[0] == Self.rows, "\(sums)")
    let (unknown, charged) = (counts[1], counts[2])
    #expect(unknown <= Self.room, "\(unknown) questions in doubt")
    #expect(charged > Self.rows / 4)
    #expect((charged...(charged + unknown)).contains(try run.bill().paid))
  }
}
