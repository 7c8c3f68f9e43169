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
/// merged, sorted, into an unlinked scratch file of 1 KiB pages, so that each page is read and
/// written once for many entries. A filter of 256 bits for each page (a blocked Bloom filter:
/// Putze, Sanders, Singler 2007) answers for most questions that are new; every other look-up costs
/// one read of a page, mostly from the page cache. The filter stays below 4 MiB: from four million
/// entries on, pages share its blocks, and it answers for fewer. The file is scratch: after a crash
/// it is built again from the journal.
///
/// Fingerprints are 64 bits; two questions may share one, so the caller compares the whole key with
/// the stored attempt. A later entry with the same fingerprint is dropped: that only loses sharing.
final class QuestionIndex {
  static let slotsPerPage = 64
  private static let pageSize = slotsPerPage * MemoryLayout<Slot>.stride
  private static let emptyMark: UInt64 = 0
  /// Pages that are merged at once. The smallest file has as many.
  private static let pagesInBlock = 16

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
  /// Blocks of 256 bits, two of them set for each entry.
  private var filter: [UInt64] = []
  private var page = [Slot](repeating: Slot(fingerprint: 0, place: 0), count: slotsPerPage)

  /// `directory` takes the scratch file, which has no name once it is open.
  init(directory: String, bufferLimit: Int = 1 << 17) {
    self.directory = directory
    self.bufferLimit = bufferLimit
  }

  deinit { if file >= 0 { close(file) } }

  /// The attempt that was stored under this fingerprint.
  func find(_ fingerprint: UInt64, run: RunID) throws(UserError) -> AttemptID? {
    let fingerprint = Self.marked(fingerprint)
    if let place = buffer[fingerprint] { return Self.unpack(place, run: run) }
    guard stored > 0, mayBeStored(fingerprint) else { return nil }
    try load(Self.page(of: fingerprint, bits: pageBits), from: file)
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

  private static func page(of fingerprint: UInt64, bits: Int) -> Int {
    bits == 0 ? 0 : Int(fingerprint >> (64 - UInt64(bits)))
  }

  private func flush() throws(UserError) {
    var newest = buffer.map { Slot(fingerprint: $0.key, place: $0.value) }
    newest.sort { $0.fingerprint < $1.fingerprint }
    buffer.removeAll(keepingCapacity: true)
    var bits = max(pageBits, 4)
    while stored + newest.count > (Self.slotsPerPage << bits) / 2 { bits += 1 }
    if file < 0 || bits > pageBits { try grow(to: bits) }
    while try !merge(newest) { try grow(to: pageBits + 1) }
    stored += newest.count
  }

  /// Puts sorted entries on their pages, block by block. False when a page has no room: then the
  /// file has to grow, and merging the same entries again loses and doubles nothing.
  private func merge(_ newest: [Slot]) throws(UserError) -> Bool {
    var next = 0
    for first in stride(from: 0, to: 1 << pageBits, by: Self.pagesInBlock) {
      let start = next
      let end = first + Self.pagesInBlock
      while next < newest.count, Self.page(of: newest[next].fingerprint, bits: pageBits) < end {
        next += 1
      }
      guard next > start else { continue }
      var block = try load(first, Self.pagesInBlock, from: file)
      for slot in newest[start..<next] {
        let page = Self.page(of: slot.fingerprint, bits: pageBits)
        guard Self.place(slot, onPage: page - first, of: &block) else { return false }
        Self.note(slot.fingerprint, in: &filter, pageBits)
      }
      try store(block, at: first, in: file)
    }
    return true
  }

  /// Writes the file anew with 2^bits pages: each page's entries go to the pages that replace it.
  private func grow(to bits: Int) throws(UserError) {
    let target = try openScratch()
    // Both filters at once would be the most memory that the index takes.
    filter = []
    var grownFilter = [UInt64](
      repeating: 0, count: Self.filterWords << min(bits, Self.mostFilterBits))
    if file >= 0 {
      let factor = 1 << (bits - pageBits)
      for first in stride(from: 0, to: 1 << pageBits, by: Self.pagesInBlock) {
        let old = try load(first, Self.pagesInBlock, from: file)
        var new = Self.emptyPages(Self.pagesInBlock * factor)
        for slot in old where slot.fingerprint != Self.emptyMark {
          let page = Self.page(of: slot.fingerprint, bits: bits)
          // A page's entries can only become fewer.
          _ = Self.place(slot, onPage: page - first * factor, of: &new)
          Self.note(slot.fingerprint, in: &grownFilter, bits)
        }
        try store(new, at: first * factor, in: target)
      }
      close(file)
    }
    (file, pageBits, filter) = (target, bits, grownFilter)
  }

  /// Puts an entry on a page of a block, unless its fingerprint is there. False without room.
  private static func place(_ slot: Slot, onPage page: Int, of block: inout [Slot]) -> Bool {
    for index in (page * slotsPerPage)..<((page + 1) * slotsPerPage) {
      if block[index].fingerprint == slot.fingerprint { return true }
      if block[index].fingerprint == emptyMark {
        block[index] = slot
        return true
      }
    }
    return false
  }

  private static func emptyPages(_ count: Int) -> [Slot] {
    Array(repeating: Slot(fingerprint: emptyMark, place: 0), count: count * slotsPerPage)
  }

  // MARK: The filter

  private static let filterWords = 4
  /// At most 2^17 blocks: 4 MiB.
  private static let mostFilterBits = 17

  /// False for a fingerprint that is in no page for certain.
  private func mayBeStored(_ fingerprint: UInt64) -> Bool {
    guard !filter.isEmpty else { return true }
    let block = Self.filterBlock(fingerprint, pageBits)
    let (first, second) = Self.filterBits(fingerprint)
    return filter[block + first >> 6] & (1 << UInt64(first & 63)) != 0
      && filter[block + second >> 6] & (1 << UInt64(second & 63)) != 0
  }

  /// `pageBits`: those of the file that the filter is for.
  private static func note(
    _ fingerprint: UInt64, in filter: inout [UInt64], _ pageBits: Int
  ) {
    let block = filterBlock(fingerprint, pageBits)
    let (first, second) = filterBits(fingerprint)
    filter[block + first >> 6] |= 1 << UInt64(first & 63)
    filter[block + second >> 6] |= 1 << UInt64(second & 63)
  }

  /// The first word of the block for the entry’s page, or for it and its neighbours.
  private static func filterBlock(_ fingerprint: UInt64, _ pageBits: Int) -> Int {
    page(of: fingerprint, bits: min(pageBits, mostFilterBits)) * filterWords
  }

  /// Two of 256 bits, by the low end of the fingerprint; the page is chosen by its high end.
  private static func filterBits(_ fingerprint: UInt64) -> (Int, Int) {
    (Int(fingerprint & 255), Int(fingerprint >> 8 & 255))
  }

  // MARK: Reading and writing

  /// Reads one page into `page`.
  private func load(_ number: Int, from file: Int32) throws(UserError) {
    let offset = off_t(number * Self.pageSize)
    let count = page.withUnsafeMutableBytes { pread(file, $0.baseAddress, Self.pageSize, offset) }
    guard count >= 0 else { throw failure("read") }
    for index in (count / MemoryLayout<Slot>.stride)..<Self.slotsPerPage {
      page[index] = Slot(fingerprint: Self.emptyMark, place: 0)
    }
  }

  /// Reads consecutive pages; what was never written is empty.
  private func load(
    _ first: Int, _ pages: Int, from file: Int32
  ) throws(UserError) -> [Slot] {
    var block = Self.emptyPages(pages)
    let offset = off_t(first * Self.pageSize)
    let count = block.withUnsafeMutableBytes { pread(file, $0.baseAddress, $0.count, offset) }
    guard count >= 0 else { throw failure("read") }
    return block
  }

  private func store(_ block: [Slot], at first: Int, in file: Int32) throws(UserError) {
    let offset = off_t(first * Self.pageSize)
    let isWhole = block.withUnsafeBytes {
      pwrite(file, $0.baseAddress, $0.count, offset) == $0.count
    }
    guard isWhole else { throw failure("write") }
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
