import CSVCodec
import CommandRunners
import CurlTransport
import Foundation
public import SheetSQL
import Synchronization
import WaterfallCore
public import WaterfallProviders
import WaterfallRuns

extension SQLLookupTable: LookupTable {}

extension RunSurroundings {
  /// Conditions and lookup tables on SQLite, providers over libcurl or as programs, with the user's
  /// keys. What goes wrong with a provider over HTTP is said, and told to `failures`.
  static func live(
    _ keys: KeyRing, _ console: Console, _ failures: FirstFailures
  ) -> RunSurroundings {
    let transport = SharedTransport()
    return onSQLite(
      access: { provider, source, stand in
        HTTPAccess(
          transport: try transport.get(), base: stand.base, sandboxSeed: stand.sandboxSeed,
          report: { id, failure in
            let origin = stand.sandboxSeed == nil ? keys.origin(of: id, source) : nil
            failures.add(failure, of: id)
            console.say("note: \(id): \(failure.words(source, origin))")
          },
          redaction: Console.redaction,
          key: { () throws(UserError) -> String? in
            // A sandbox takes any key; a real one has no business there.
            guard stand.sandboxSeed == nil else { return "sandbox:sandbox" }
            guard keys.has(provider, source) else { return nil }
            return try keys.secret(of: provider, source).reveal()
          })
      },
      commands: CommandPool(
        CommandAccess(
          runner: SubprocessRunner(), variables: Environment.current.variables,
          redaction: Console.redaction, note: { console.say("note: \($0)") },
          key: { provider, source throws(UserError) in try keys.secret(of: provider, source) })))
  }

  /// For reading the sheet of a run again: nobody can be asked.
  static let offline = onSQLite(
    access: { provider, _, _ in throw UserError(.fault, "\(provider) is asked by a reader") })

  private static func onSQLite(
    access: @escaping AccessFactory, commands: CommandPool? = nil
  ) -> RunSurroundings {
    RunSurroundings(
      makeCondition: { expression, header, name in
        try SQLRowCondition(expression, header: header, option: name)
      },
      openLookup: { lookup, field, folder in
        try SQLLookupTable.open(lookup, for: field, in: folder)
      },
      access: access, commands: commands)
  }
}

/// One transport for everything that a process asks, made when it is first needed.
private final class SharedTransport: Sendable {
  private let transport = Mutex<CurlTransport?>(nil)

  func get() throws -> CurlTransport {
    try transport.withLock { transport in
      if let transport { return transport }
      let new = try CurlTransport(.init(environment: ProcessInfo.processInfo.environment))
      transport = new
      return new
    }
  }
}

extension AnswerFailure {
  /// What went wrong with a provider, for the user.
  ///
  /// - Parameter origin: where the key comes from; nil where it was asked without one of the user's.
  fileprivate func words(_ source: KeySource, _ origin: KeyOrigin?) -> String {
    guard leavesOpen else { return cause(source, origin) }
    // That it was never answered is said by the note.
    return "its outcome is unknown: \(reason == .unresolved ? note : cause(source, origin))"
  }

  private func cause(_ source: KeySource, _ origin: KeyOrigin?) -> String {
    guard reason == .credentials else { return "\(reason.words) (\(note))" }
    guard let origin else { return "it did not accept the key (\(note)); nothing was charged" }
    let key = source == .own ? "your own key" : "the managed key"
    return "it did not accept \(key), which comes from \(origin.place.words) (\(note)); nothing "
      + "was charged. Set another one: \(origin.wayToReplace)"
  }
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
    try checkFile(path, of: lookup)
    do {
      let reader = try CSVReader(FileByteSource(path: path))
      return try SQLLookupTable(
        sheet: path, header: reader.header, keys: keys, value: value
      ) { add in
        let batch = CSVBatch()
        while try reader.read(into: batch) {
          for record in 0..<batch.count { try add(batch.strings(record)) }
        }
      }
    } catch let error as CSVError {
      throw UserError(error, in: path)
    }
  }

  /// Throws `UserError` where there is no file, or an SQLite database whose table is not named.
  private static func checkFile(_ path: String, of lookup: Lookup) throws(UserError) {
    guard let file = FileHandle(forReadingAtPath: path) else {
      throw UserError(
        .input, "the lookup table does not exist or cannot be read", place: path,
        remedy: "Mend “file” in the manifest; the path is relative to it.")
    }
    let start = (try? file.read(upToCount: 16)) ?? Data()
    guard start == Data("SQLite format 3\0".utf8) else { return }
    throw UserError(
      .input, "this is an SQLite database, and the manifest names no table in it", place: path,
      remedy: "Add “table” to the lookup of the manifest.")
  }
}
