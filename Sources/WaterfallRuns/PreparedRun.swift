public import CSVCodec
public import WaterfallCore
public import WaterfallLedger
public import WaterfallProviders

/// A run whose sheet is open and whose plan is bound: nothing has been asked or spent yet.
public final class PreparedRun {
  public let plan: RunPlan
  let reader: CSVReader
  let program: RunProgram
  private let mapping: HeaderMapping
  /// Programs that may be running once somebody was asked.
  private let commands: CommandPool?

  /// Opens a sheet and plans a new run over it.
  ///
  /// - Parameters:
  ///   - request: What the user asks for.
  ///   - path: The sheet; `-` for standard input.
  ///   - output: Where it goes, for the record; the sink is opened by the caller.
  ///   - directory: The current one, for relative paths of manifests.
  /// - Throws: `UserError` or `CSVError` for whatever is wrong with the sheet or the request.
  public init(
    _ request: Configuration, isSimulated: Bool, path: String, options: CSVReaderOptions,
    output: String, directory: String, planner: RunPlanner, surroundings: RunSurroundings
  ) throws {
    let fingerprint = path == "-" ? nil : try SheetFingerprint.of(path)
    reader = try Self.open(path, options)
    let sheet = RunPlan.Sheet(
      path: path, delimiter: reader.dialect.delimiter.rawValue,
      encoding: options.encoding?.rawValue, fingerprint: fingerprint)
    try Self.checkHeaders(of: request, reader.header)
    var plan = try planner.plan(
      request, isSimulated: isSimulated, sheet: sheet, output: output,
      directory: directory)
    let assembly = try RunAssembly(plan, header: reader.header, surroundings: surroundings)
    program = try assembly.program()
    mapping = assembly.mapping
    commands = surroundings.commands
    for column in program.columns { plan.columns[column.position].inputs = column.knownInputs }
    self.plan = plan
  }

  /// Opens the sheet of a run that is to go on, with everything else as it was pinned.
  ///
  /// - Parameter path: Where the sheet is now, if it is not where the run found it.
  /// - Throws: `UserError` when the sheet is not what it was.
  public init(resuming plan: RunPlan, path: String?, surroundings: RunSurroundings) throws {
    self.plan = plan
    let path = path ?? plan.sheet.path
    if path != "-", let before = plan.sheet.fingerprint {
      try Self.check(try SheetFingerprint.of(path), against: before, path)
    }
    reader = try Self.open(path, plan.sheet.options)
    let assembly = try RunAssembly(plan, header: reader.header, surroundings: surroundings)
    program = try assembly.program()
    mapping = assembly.mapping
    commands = surroundings.commands
  }

  /// The headers that the user named, while it is known where they were named.
  private static func checkHeaders(
    of request: Configuration, _ header: [String]
  ) throws(UserError) {
    _ = try HeaderMapping(headers: header, overrides: request.map)
    for column in request.columns where !column.inputs.isEmpty {
      _ = try HeaderMapping(headers: header, overrides: column.inputs)
    }
  }

  private static func open(_ path: String, _ options: CSVReaderOptions) throws -> CSVReader {
    let source = path == "-" ? FileByteSource.standardInput() : try FileByteSource(path: path)
    do {
      return try CSVReader(source, options: options)
    } catch {
      throw UserError(error, in: path)
    }
  }

  private static func check(
    _ now: SheetFingerprint?, against before: SheetFingerprint, _ path: String
  ) throws(UserError) {
    guard let now, now != before else { return }
    throw UserError(
      .input, "the sheet has changed since the run started", place: path,
      remedy: "Restore it, or start a new run; cells that are filled are not asked again.")
  }

  /// Reads the sheet to its end and asks nobody: a row that cannot be read is found before
  /// anything is paid for the rows above it. A stream can be read only once and is not looked at.
  ///
  /// Throws `UserError` with the place of the first row that a run could not pass. O(bytes).
  public func checkSheet() throws {
    guard plan.sheet.fingerprint != nil else { return }
    let reader = try Self.open(plan.sheet.path, plan.sheet.options)
    let batch = CSVBatch()
    do {
      while try reader.read(into: batch) {
        guard !plan.keepsRagged else { continue }
        for record in 0..<batch.count where batch.fieldCount(record) != reader.header.count {
          throw batch.columnCountError(record, expected: reader.header.count)
        }
      }
    } catch let error as CSVError {
      throw UserError(error, in: plan.sheet.path)
    }
  }

  /// How headers became the inputs that somebody may be asked with, a line each.
  public var mappingLines: [String] { mapping.lines(of: wantedInputs) }

  public var warnings: [String] { mapping.warnings(of: wantedInputs) + plan.absences }

  private var wantedInputs: Set<InputName> { Set(program.columns.flatMap(\.inputNames)) }

  /// Into which column of the sheet each value goes, a line each.
  public var targetLines: [String] {
    program.columns.map { column in
      let targets = program.layout.columns[column.position]
      guard case .existing(let index) = targets.value else {
        return "\(column.name) → a new column"
      }
      var words = "\(column.name) → the sheet’s column “\(reader.header[index])”"
      if !plan.overwrite { words += ", where it is empty" }
      if case .appended = targets.provider { words += "; its provenance at the end of the row" }
      return words
    }
  }

  /// Ends the run's programs at once, for a process that leaves without a word: from any thread, and
  /// without waiting. They would outlive it otherwise if they do not heed the end of their input.
  public var killPrograms: @Sendable () -> Void {
    { [commands] in commands?.kill() }
  }

  /// Runs a new run, or goes on with one, until it is done, paused or stopped.
  ///
  /// - Parameters:
  ///   - workspace: The workspace's own name; questions are known by it and the run's number.
  ///   - book: The workspace's credits as they stand.
  ///   - info: What the run has recorded so far; nil for a new run.
  ///   - attemptsInBatch: Attempts that share one commit; more is faster, less is durable sooner.
  ///   - scratchDirectory: Takes a file without a name for the questions that were asked.
  /// - Throws: `UserError` or `CSVError`; everything finished before is durable and written.
  public func run(
    _ id: RunID, workspace: String, journal: any RunJournal, book: CreditBook, info: RunInfo? = nil,
    sink: any OutputSink, scratchDirectory: String, clock: @escaping () -> Timestamp,
    stop: StopSignal, attemptsInBatch: Int? = nil, observer: (any RunObserver)? = nil
  ) throws -> RunEnding {
    defer { commands?.close() }
    var limits = RunDriver.Limits()
    if let attemptsInBatch { limits.attemptsInBatch = attemptsInBatch }
    let start = try RunStart(
      of: id, isNew: info == nil, journal: journal, book: book, sink: sink,
      scratchDirectory: scratchDirectory, tallies: info?.tallies ?? RunTallies(),
      inputSize: plan.sheet.fingerprint?.size)
    if start.checkpoint.row > 0 || start.checkpoint.inputOffset > 0 {
      try reader.resume(at: start.checkpoint.position)
    }
    try sink.truncate(to: start.checkpoint.outputOffset)
    let driver = try RunDriver(
      run: id, workspace: workspace, program: program, reader: reader, journal: journal,
      sink: sink, start: start, clock: clock, stop: stop, observer: observer, limits: limits)
    do {
      let end = try driver.runToEnd()
      if end == .done {
        try driver.noteWhole(sink)
        try sink.finish()
      }
      return RunEnding(end, progress: driver.progress)
    } catch let error as CSVError {
      throw UserError(error, in: plan.sheet.path)
    }
  }
}

/// How a run ended, this time.
public struct RunEnding: Sendable, Equatable {
  public enum State: Sendable, Equatable {
    case done
    /// Out of credits: `needed` for the next step, `available` now.
    case outOfCredits(needed: Credits, available: Credits)
    /// At `--max-credits`.
    case atBudget(limit: Credits, needed: Credits)
    case interrupted
  }

  public let state: State
  public let progress: RunProgress

  init(_ end: RunDriver.End, progress: RunProgress) {
    self.progress = progress
    switch end {
    case .done: state = .done
    case .interrupted: state = .interrupted
    case .paused(.credits(let needed, let available)):
      state = .outOfCredits(needed: needed, available: available)
    case .paused(.budget(let limit, let needed)):
      state = .atBudget(limit: limit, needed: needed)
    }
  }
}

extension RunPlan.Sheet {
  /// How the sheet is read, as it was when the run was planned.
  var options: CSVReaderOptions {
    CSVReaderOptions(
      delimiter: CSVDelimiter(rawValue: delimiter),
      encoding: encoding.flatMap { CSVEncoding(rawValue: $0) })
  }
}

extension Checkpoint {
  /// The place in the sheet.
  var position: CSVPosition {
    CSVPosition(recordNumber: Int(row) + 1, line: Int(line), byteOffset: Int(inputOffset))
  }
}
