import CSVCodec
public import WaterfallCore
public import WaterfallProviders

extension ProviderCatalog {
  /// By step of a column: the alternative sets of inputs that its provider can be asked with.
  func inputSets(of column: RunPlan.Column) throws(UserError) -> [[[InputName]]] {
    var sets: [[[InputName]]] = []
    for step in column.steps {
      sets.append(try manifest(step.provider.rawValue).finds[column.field]?.inputs ?? [])
    }
    return sets
  }
}

extension RunPlan {
  /// What the steps of the run can be asked with. Reads the pinned manifests: some milliseconds.
  public func needs() throws(UserError) -> InputNeeds {
    let catalog = try pinnedCatalog()
    var needs: [InputNeeds.Column] = []
    for column in columns {
      needs.append(
        InputNeeds.Column(
          steps: try catalog.inputSets(of: column), available: column.inputs.map { Set($0) }))
    }
    return InputNeeds(columns: needs)
  }

  /// How a provider of the run is asked that is a program; nil for any other. Reads the pinned
  /// manifests: some milliseconds.
  public func program(of provider: ProviderID) -> CommandSection? {
    (try? pinnedCatalog())?.manifests[provider]?.command
  }

  func pinnedCatalog() throws(UserError) -> ProviderCatalog {
    try ProviderCatalog(manifests: manifests.map { NamedText(name: $0.file, text: $0.text) })
  }
}

/// A row of a run's sheet, read again to tell what providers were sent: the run does not keep it.
public enum RowAgain: Sendable, Equatable {
  /// The physical line on which the row begins, and the inputs of each column.
  case read(line: Int64, inputs: [Inputs])
  /// The sheet is not what it was, in words that follow “the sheet”.
  case lost(why: String)
}

extension RunPlan {
  /// Reads a row again, if the sheet is there and unchanged.
  ///
  /// - Parameters:
  ///   - row: 1-based data row.
  ///   - fills: The accepted values of the row by column: they are inputs of later columns.
  /// - Throws: `UserError` for a sheet that cannot be read although it has not changed. O(bytes
  ///   before the row).
  public func read(
    row: Int64, fills: [Int32: String], surroundings: RunSurroundings
  ) throws -> RowAgain {
    guard let before = sheet.fingerprint else { return .lost(why: "was a stream") }
    guard let now = try? SheetFingerprint.of(sheet.path) else { return .lost(why: "is gone") }
    guard now == before else { return .lost(why: "has changed since") }
    do {
      let reader = try CSVReader(FileByteSource(path: sheet.path), options: sheet.options)
      let assembly = try RunAssembly(self, header: reader.header, surroundings: surroundings)
      let programs = try columns.indices.map { try assembly.inputPrograms(of: $0) }
      let batch = CSVBatch()
      var first: Int64 = 1
      while try reader.read(into: batch) {
        let record = row - first
        guard record >= batch.count else {
          return .read(
            line: Int64(batch.position(Int(record)).line),
            inputs: programs.map { Self.inputs($0, of: batch, Int(record), fills) })
        }
        first += Int64(batch.count)
      }
      return .lost(why: "has no such row")
    } catch let error as CSVError {
      throw UserError(error, in: sheet.path)
    }
  }

  private static func inputs(
    _ programs: [InputProgram], of batch: CSVBatch, _ record: Int, _ fills: [Int32: String]
  ) -> Inputs {
    Inputs(
      names: programs.map(\.name),
      values: programs.map { input in
        let own = input.source?.value { column in
          column < batch.fieldCount(record) ? batch.string(record, column) : ""
        }
        guard own?.isEmpty != false, let earlier = input.column else { return own ?? "" }
        return fills[Int32(earlier)] ?? ""
      })
  }
}
