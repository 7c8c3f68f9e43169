/// Finds the delimiter and the line ending of a sheet from its first records.
struct DialectSurvey {
  let delimiter: CSVDelimiter
  /// `cr` or `lf`; a carriage return before a line feed makes no difference here.
  let lineEnding: CSVLineEnding

  /// How many bytes of input are looked at.
  static let sampleBytes = 64 << 10

  /// Surveys a sample after its byte order mark.
  ///
  /// The delimiter is the one that gives the most records the width of the header; of two that
  /// are equally regular, the one that makes more columns. With none, it is a comma.
  ///
  /// - Parameter isWhole: Whether the sample is the whole input, so that its end ends a record.
  init(
    _ sample: UnsafeBufferPointer<UInt8>, isWhole: Bool,
    delimiter: CSVDelimiter?, lineEnding: CSVLineEnding?
  ) {
    let candidates = delimiter.map { [$0] } ?? [.comma, .semicolon, .tab, .pipe]
    let trials = candidates.map { candidate in
      Self.bestTrial(sample, isWhole: isWhole, candidate, lineEnding)
    }
    var best = trials[0]
    for trial in trials.dropFirst() where trial.score > best.score { best = trial }
    self.delimiter = best.delimiter
    self.lineEnding = best.lineEnding
  }

  private static func bestTrial(
    _ sample: UnsafeBufferPointer<UInt8>, isWhole: Bool,
    _ delimiter: CSVDelimiter, _ lineEnding: CSVLineEnding?
  ) -> DialectTrial {
    if let lineEnding {
      let ending: CSVLineEnding = lineEnding == .cr ? .cr : .lf
      return DialectTrial(sample, isWhole: isWhole, delimiter, ending)
    }
    let lf = DialectTrial(sample, isWhole: isWhole, delimiter, .lf)
    let cr = DialectTrial(sample, isWhole: isWhole, delimiter, .cr)
    let isSound = lf.lineEnds == 0 || !cr.endsInsideQuotes
    return cr.lineEnds > 0 && cr.lineFeeds == 0 && isSound ? cr : lf
  }
}
