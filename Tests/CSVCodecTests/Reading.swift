import CSVCodec

/// All that a reader says about a sheet, collected for comparing.
struct Reading: Equatable {
  var dialect = CSVDialect()
  var header: [String] = []
  var records: [[String]] = []
  var rawRecords: [String] = []
  var positions: [CSVPosition] = []
  var positionsAfter: [CSVPosition] = []
  var batchSizes: [Int] = []
  /// The preamble and all batches, as they are.
  var bytes: [UInt8] = []
  /// The same, put together record by record.
  var pieces: [UInt8] = []
  var error: CSVError?

  init(
    _ bytes: [UInt8], options: CSVReaderOptions = CSVReaderOptions(), pieceSize: Int = .max,
    maxRecords: Int = .max, from position: CSVPosition? = nil
  ) {
    do throws(CSVError) {
      let source = MemoryByteSource(bytes, pieceSize: pieceSize)
      let reader = try CSVReader(source, options: options)
      if let position { try reader.resume(at: position) }
      try collect(reader, maxRecords: maxRecords)
    } catch {
      self.error = error
    }
  }

  init(
    _ text: String, options: CSVReaderOptions = CSVReaderOptions(), pieceSize: Int = .max,
    maxRecords: Int = .max
  ) {
    self.init(Array(text.utf8), options: options, pieceSize: pieceSize, maxRecords: maxRecords)
  }

  var text: String { String(decoding: bytes, as: UTF8.self) }

  private mutating func collect(_ reader: CSVReader, maxRecords: Int) throws(CSVError) {
    dialect = reader.dialect
    header = reader.header
    bytes.append(contentsOf: reader.preambleBytes)
    pieces.append(contentsOf: reader.preambleBytes)
    let batch = CSVBatch()
    while try reader.read(into: batch, maxRecords: maxRecords) {
      bytes.append(contentsOf: batch.allBytes)
      batchSizes.append(batch.count)
      for record in 0..<batch.count { collect(record, of: batch) }
      pieces.append(contentsOf: batch.trailingBytes)
    }
  }

  private mutating func collect(_ record: Int, of batch: CSVBatch) {
    records.append(batch.strings(record))
    rawRecords.append(String(decoding: batch.recordBytes(record), as: UTF8.self))
    positions.append(batch.position(record))
    positionsAfter.append(batch.positionAfter(record))
    pieces.append(contentsOf: batch.blankBytes(before: record))
    for column in 0..<batch.fieldCount(record) {
      if column > 0 { pieces.append(dialect.delimiter.rawValue) }
      pieces.append(contentsOf: batch.rawField(record, column))
    }
    pieces.append(contentsOf: batch.terminatorBytes(record))
  }
}
