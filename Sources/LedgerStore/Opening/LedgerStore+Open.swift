import GRDB
public import WaterfallCore

#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#else
  import Darwin
#endif

/// What the workspace says of itself.
struct WorkspaceIdentity {
  var id: String
  var isSimulated: Bool
  var created: Timestamp
  var isNew: Bool
}

extension LedgerStore {
  /// How a workspace is opened.
  public struct Options: Sendable {
    /// Whether a workspace that does not exist is created. Needs a lock.
    public var create: Bool
    /// The name of a workspace that is created: random, and never shown to be guessed.
    public var workspaceID: String
    /// What the workspace must be, and what it becomes when it is created.
    public var isSimulated: Bool
    public var now: Timestamp
    /// Who writes; nil opens for reading only.
    public var lock: LockOwner?

    public init(
      create: Bool, workspaceID: String, isSimulated: Bool, now: Timestamp, lock: LockOwner?
    ) {
      self.create = create
      self.workspaceID = workspaceID
      self.isSimulated = isSimulated
      self.now = now
      self.lock = lock
    }
  }

  /// Opens a workspace, and creates it where `options` say so.
  ///
  /// With a lock owner, this process becomes the only writer until the store is released; without
  /// one the store only reads, beside any writer.
  ///
  /// Throws `UserError`: no such file or directory, no permission, not a workspace, another
  /// application's database, damaged, made by a newer version, simulated where a real one is meant
  /// or the other way round, in use by another writer.
  public static func open(at path: String, options: Options) throws -> LedgerStore {
    do {
      return try opened(at: path, options)
    } catch {
      throw StoreFailure.userError(error, path: path)
    }
  }

  private static func opened(at path: String, _ options: Options) throws -> LedgerStore {
    try checkFile(path, mayCreate: options.create && options.lock != nil)
    guard let owner = options.lock else {
      let reader = try Connection.reader(at: path)
      let identity = try reader.read { try checkedIdentity($0, path: path, options) }
      return LedgerStore(path: path, identity: identity, reader: reader, writer: nil, lock: nil)
    }
    let lock = try WriterLock(beside: path, owner: owner)
    let queue = try Connection.writer(at: path)
    if options.create { try createIfEmpty(queue, path: path, options) }
    let identity = try queue.inDatabase { try checkedIdentity($0, path: path, options) }
    try Connection.prepareForWriting(queue)
    try upgrade(queue)
    let writer = try JournalWriter(queue: queue, path: path)
    let reader = try Connection.reader(at: path)
    return LedgerStore(path: path, identity: identity, reader: reader, writer: writer, lock: lock)
  }

  // MARK: What is there

  private static func checkFile(_ path: String, mayCreate: Bool) throws {
    var status = stat()
    if stat(path, &status) == 0 {
      guard status.st_mode & S_IFMT == S_IFREG else { throw StoreFailure.notAWorkspace(path) }
      return
    }
    guard errno == ENOENT else {
      throw UserError(
        .io, "the workspace \(path) cannot be opened (\(String(cString: strerror(errno))))",
        remedy: "Check the path and its permissions.")
    }
    let directory = directory(of: path)
    guard stat(directory, &status) == 0, status.st_mode & S_IFMT == S_IFDIR else {
      throw UserError(
        .io, "the directory \(directory) for the workspace \(path) does not exist",
        remedy: "Create it, or give another path.")
    }
    guard mayCreate else {
      throw UserError(
        .input, "there is no workspace at \(path)",
        remedy: "Check the path; `waterfall enrich` creates a workspace.")
    }
    guard access(directory, W_OK | X_OK) == 0 else {
      throw UserError(
        .io, "the workspace \(path) cannot be created: its directory is not writable",
        remedy: "Change the permissions of \(directory), or give another path.")
    }
  }

  private static func directory(of path: String) -> String {
    guard let slash = path.lastIndex(of: "/") else { return "." }
    return slash == path.startIndex ? "/" : String(path[..<slash])
  }

  // MARK: What it says of itself

  private static func checkedIdentity(
    _ database: Database, path: String, _ options: Options
  ) throws -> WorkspaceIdentity {
    guard try pragma("application_id", database) == Schema.applicationID else {
      throw StoreFailure.notAWorkspace(path)
    }
    let version = try Schema.version(of: database)
    guard version <= Schema.version else {
      throw UserError(
        .input,
        "the workspace \(path) was made by a newer waterfall: its version is \(version), and this "
          + "one reads up to \(Schema.version)",
        remedy: "Use the newer waterfall.")
    }
    let identity = try database.firstRow(
      """
      SELECT id, simulated, created, NOT EXISTS (SELECT 1 FROM ledger_commit) FROM workspace
      """
    ) { row in
      WorkspaceIdentity(
        id: row.text(0), isSimulated: row.int(1) != 0,
        created: Timestamp(milliseconds: row.int(2)), isNew: row.int(3) != 0)
    }
    guard let identity else { throw StoreFailure.damaged(path, "it does not say who it is") }
    guard identity.isSimulated == options.isSimulated else {
      throw identity.isSimulated
        ? UserError(
          .input, "\(path) is a simulated workspace, and this command is for real credits",
          remedy: "Add --simulate, or give the path of a real workspace.")
        : UserError(
          .input, "\(path) holds real credits, and this command is simulated",
          remedy: "Drop --simulate, or give the path of a simulated workspace.")
    }
    return identity
  }

  private static func pragma(_ name: String, _ database: Database) throws -> Int64 {
    try database.firstRow("PRAGMA \(name)") { $0.int(0) } ?? 0
  }

  /// Creates the tables in a database without any, as one transaction. A process that dies in the
  /// middle leaves an empty database, which is tried again.
  private static func createIfEmpty(
    _ queue: DatabaseQueue, path: String, _ options: Options
  ) throws {
    let isEmpty = try queue.inDatabase { database in
      let objects = try database.firstRow("SELECT count(*) FROM sqlite_schema") { $0.int(0) }
      return try objects == 0 && pragma("application_id", database) == 0
        && Schema.version(of: database) == 0
    }
    guard isEmpty else { return }
    try Connection.prepareForWriting(queue)
    try queue.changeDurably { database in
      try Schema.create(in: database)
      try database.execute(
        sql: "INSERT INTO workspace VALUES (1, ?, ?, ?, ?)",
        arguments: [
          options.workspaceID, options.now.milliseconds, options.isSimulated ? 1 : 0,
          Schema.version,
        ])
    }
  }

  private static func upgrade(_ queue: DatabaseQueue) throws {
    guard try queue.inDatabase(Schema.version(of:)) < Schema.version else { return }
    try queue.changeDurably(Schema.upgrade)
  }
}
