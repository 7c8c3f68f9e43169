import CSVCodec
import Foundation
public import SheetSQL
import WaterfallCore
public import WaterfallProviders
import WaterfallRuns

extension SQLLookupTable: LookupTable {}

extension RunSurroundings {
  /// Conditions and lookup tables on SQLite.
  static let sqlite = RunSurroundings(
    makeCondition: { expression, header, name in
      try SQLRowCondition(expression, header: header, option: name)
    },
    openLookup: { lookup, field, folder in
      try SQLLookupTable.open(lookup, for: field, in: folder)
    })
}

extension SQLLookupTable {
  fileprivate static func open(
    _ lookup: Lookup, for field: Field, in folder: String
  ) throws -> SQLLookupTable {
    guard let value = lookup.values[field] else {
      throw UserError(.fault, "the lookup has no column for \(field)", place: lookup.file)
    }
    let path = URL(filePath: lookup.file, relativeTo: URL(filePath: folder + "/")).path
    let keys = lookup.keys.map(\.column)
    if let table = lookup.table {
      return try SQLLookupTable(database: path, table: table, keys: keys, value: value)
    }
    let reader: CSVReader
    do {
      reader = try CSVReader(FileByteSource(path: path))
    } catch {
      throw UserError(error, in: path)
    }
    return try SQLLookupTable(sheet: path, header: reader.header, keys: keys, value: value) { add in
      let batch = CSVBatch()
      while try reader.read(into: batch) {
        for record in 0..<batch.count { try add(batch.strings(record)) }
      }
    }
  }
}
