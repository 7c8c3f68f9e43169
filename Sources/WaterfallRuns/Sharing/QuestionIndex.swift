import WaterfallCore

#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#else
  import Darwin
#endif

/// Where every answered question of a run was asked: a hash table from a question's fingerprint to
/// the attempt, in bounded memory however long the sheet.
///
/// The newest entries are kept in memory (at most `bufferLimit`); when the buffer is full they are
/// merged, sorted by page, into an unlinked scratch file of 1 KiB pages, so that each page is read
/// and written once for many entries. A filter of 512 bits for each page (a blocked Bloom filter:
/// Putze, Sanders, Singler 2007) answers for most questions that are new; every other look-up costs
/// one read of a page, mostly from the page cache. The file is scratch: after a crash it is built
/// again from the journal.
///
/// Fingerprints are 64 bits; two questions may share one, so the caller compares the whole key with
/// the stored attempt. A later entry with the same fingerprint is dropped: that only loses sharing.
final class QuestionIndex {
  static let slotsPerPage = 64
  private static let pageSize = slotsPerPage * MemoryLayout<Slot>.stride
  private static let emptyMark: UInt64 = 0

  private struct Slot {
    var fingerprint: UInt64
    var place: UInt64
  }

  private let directory: String
  private let bufferLimit: Int
  private var buffer: [UInt64: UInt64] = [:]
  private var file: Int32 = -1
  /// The file has 2^pageBits pages; an entry lives on the page that its top bits name.
  private var pageBits = 0
  private var stored = 0
  /// 512 bits for each page, two of them set for each of its entries.
  private var filter: [UInt64] = []
  /// The filter of the file that is being written anew.
  private var grownFilter: [UInt64] = []
  private var page = [Slot](repeating: Slot(fingerprint: 0, place: 0), count: slotsPerPage)

  /// `directory` takes the scratch file, which has no name once it is open.
  init(directory: String, bufferLimit: Int = 1 << 18) {
    self.directory = directory
    self.bufferLimit = bufferLimit
  }

  deinit { if file >= 0 { close(file) } }

  /// The attempt that was stored under this fingerprint.
  func find(_ fingerprint: UInt64, run: RunID) throws(UserError) -> AttemptID? {
    let fingerprint = Self.marked(fingerprint)
    if let place = buffer[fingerprint] { return Self.unpack(place, run: run) }
    guard stored > 0, mayBeStored(fingerprint) else { return nil }
    try load(pageOf(fingerprint, bits: pageBits), from: file)
    for slot in page where slot.fingerprint == fingerprint {
      return Self.unpack(slot.place, run: run)
    }
    return nil
  }

  func insert(_ fingerprint: UInt64, _ attempt: AttemptID) throws(UserError) {
    buffer[Self.marked(fingerprint)] = Self.pack(attempt)
    if buffer.count >= bufferLimit { try flush() }
  }

  /// Zero marks an empty slot, so that no entry may have it as its fingerprint.
  private static func marked(_ fingerprint: UInt64) -> UInt64 {
    fingerprint == emptyMark ? 1 : fingerprint
  }

  // MARK: Places

  /// 40 bits of row, 10 of column, 4 of generation, 9 of step, 1 of role: beyond them an attempt is
  /// not indexed, and its question is asked again.
  private static func pack(_ id: AttemptID) -> UInt64 {
    let cell = id.cell
    return UInt64(cell.row) << 24 | UInt64(cell.column) << 14 | UInt64(cell.generation) << 10
      | UInt64(id.step) << 1 | UInt64(id.role.rawValue)
  }

  private static func unpack(_ place: UInt64, run: RunID) -> AttemptID {
    AttemptID(
      cell: CellID(
        run: run, row: Int64(place >> 24), column: Int32(place >> 14 & 0x3FF),
        generation: Int32(place >> 10 & 0xF)),
      step: Int32(place >> 1 & 0x1FF), role: place & 1 == 0 ? .finder : .verifier)
  }

  /// Whether `insert` can keep the attempt.
  static func canIndex(_ id: AttemptID) -> Bool {
    id.cell.row < 1 << 40 && id.cell.column < 1 << 10 && id.cell.generation < 1 << 4
      && id.step < 1 << 9
  }

  // MARK: The scratch file

  private func pageOf(_ fingerprint: UInt64, bits: Int) -> Int {
    bits == 0 ? 0 : Int(fingerprint >> (64 - UInt64(bits)))
  }

  private func flush() throws(UserError) {
    let newest = buffer.sorted { $0.key < $1.key }.map {
      Slot(fingerprint: $0.key, place: $0.value)
    }
    buffer.removeAll(keepingCapacity: true)
    var bits = max(pageBits, 4)
    while stored + newest.count > (Self.slotsPerPage << bits) / 2 { bits += 1 }
    while try !merge(newest, bits: bits) { bits += 1 }
    stored += newest.count
  }

  /// Merges sorted entries into a file of 2^bits pages, in place when the size stays. False when a
  /// page has no room, and the file must grow; nothing is lost then, as `newest` is merged again.
  private func merge(_ newest: [Slot], bits: Int) throws(UserError) -> Bool {
    let target = bits == pageBits && file >= 0 ? file : try openScratch()
    let isNew = target != file
    if isNew { grownFilter = Array(repeating: 0, count: Self.filterWords << bits) }
    var next = 0
    for number in 0..<(1 << bits) {
      let first = next
      while next < newest.count, pageOf(newest[next].fingerprint, bits: bits) == number {
        next += 1
      }
      guard isNew || next > first else { continue }
      let hasRoom = try merge(newest[first..<next], into: number, bits: bits, of: target, isNew)
      guard hasRoom else {
        if isNew { close(target) }
        return false
      }
    }
    if isNew {
      if file >= 0 { close(file) }
      (file, pageBits) = (target, bits)
      filter = grownFilter
      grownFilter = []
    }
    return true
  }

  /// Fills one page: what the old file has for it, then what is new. False without room.
  private func merge(
    _ entries: ArraySlice<Slot>, into number: Int, bits: Int, of target: Int32, _ isNew: Bool
  ) throws(UserError) -> Bool {
    var slots: [Slot] = []
    if file >= 0 {
      try load(isNew ? number >> (bits - pageBits) : number, from: file)
      slots = page.filter {
        $0.fingerprint != Self.emptyMark && pageOf($0.fingerprint, bits: bits) == number
      }
    }
    let known = Set(slots.map(\.fingerprint))
    slots += entries.filter { !known.contains($0.fingerprint) }
    guard slots.count <= Self.slotsPerPage else { return false }
    if slots.isEmpty { return true }
    if isNew {
      Self.note(slots, of: number, in: &grownFilter)
    } else {
      Self.note(slots, of: number, in: &filter)
    }
    for index in page.indices {
      page[index] = index < slots.count ? slots[index] : Slot(fingerprint: 0, place: 0)
    }
    try store(number, in: target)
    return true
  }

  // MARK: The filter

  private static let filterWords = 8

  /// False for a fingerprint that is in no page for certain.
  private func mayBeStored(_ fingerprint: UInt64) -> Bool {
    let block = pageOf(fingerprint, bits: pageBits) * Self.filterWords
    let (first, second) = Self.filterBits(fingerprint)
    return filter[block + first >> 6] & (1 << UInt64(first & 63)) != 0
      && filter[block + second >> 6] & (1 << UInt64(second & 63)) != 0
  }

  private static func note(_ slots: [Slot], of number: Int, in filter: inout [UInt64]) {
    let block = number * filterWords
    for slot in slots {
      let (first, second) = filterBits(slot.fingerprint)
      filter[block + first >> 6] |= 1 << UInt64(first & 63)
      filter[block + second >> 6] |= 1 << UInt64(second & 63)
    }
  }

  /// Two of 512 bits, by the low end of the fingerprint; the page is chosen by its high end.
  private static func filterBits(_ fingerprint: UInt64) -> (Int, Int) {
    (Int(fingerprint & 511), Int(fingerprint >> 9 & 511))
  }

  private func load(_ number: Int, from file: Int32) throws(UserError) {
    let offset = off_t(number * Self.pageSize)
    let count = page.withUnsafeMutableBytes { pread(file, $0.baseAddress, Self.pageSize, offset) }
    guard count >= 0 else { throw failure("read") }
    for index in (count / MemoryLayout<Slot>.stride)..<Self.slotsPerPage {
      page[index] = Slot(fingerprint: 0, place: 0)
    }
  }

  private func store(_ number: Int, in file: Int32) throws(UserError) {
    let offset = off_t(number * Self.pageSize)
    let count = page.withUnsafeBytes { pwrite(file, $0.baseAddress, Self.pageSize, offset) }
    guard count == Self.pageSize else { throw failure("write") }
  }

  private func openScratch() throws(UserError) -> Int32 {
    var template = Array("\(directory)/waterfall-questions-XXXXXX".utf8CString)
    let file = template.withUnsafeMutableBufferPointer { buffer in
      buffer.baseAddress.map { mkstemp($0) } ?? -1
    }
    guard file >= 0 else { throw failure("create") }
    template.withUnsafeBufferPointer { buffer in
      if let path = buffer.baseAddress { _ = unlink(path) }
    }
    return file
  }

  private func failure(_ verb: String) -> UserError {
    UserError(
      .io, "cannot \(verb) a scratch file: \(systemWords(errno))", place: directory,
      remedy: "Make room there, or set TMPDIR to a directory with room.")
  }
}
