/// One record as the reference parser sees it.
struct ReferenceRecord: Equatable {
  var fields: [[UInt8]] = []
  var contents: [[UInt8]] = []
  var start = 0
  var contentEnd = 0
  var end = 0
  var line = 0
}

/// The rules of the reader once more, as naively as possible: one byte at a time, all in memory.
struct ReferenceParser {
  let bytes: [UInt8]
  let delimiter: UInt8
  let terminator: UInt8

  private(set) var records: [ReferenceRecord] = []
  private(set) var isUnterminated = false
  private var index = 0
  private var line = 1

  init(_ bytes: [UInt8], delimiter: UInt8 = 0x2C, terminator: UInt8 = 0x0A) {
    self.bytes = bytes
    self.delimiter = delimiter
    self.terminator = terminator
    if bytes.starts(with: [0xEF, 0xBB, 0xBF]) { index = 3 }
    while index < bytes.count, !isUnterminated {
      if lineEndLength(at: index) > 0 {
        index += lineEndLength(at: index)
        line += 1
      } else {
        readRecord()
      }
    }
  }

  private func lineEndLength(at index: Int) -> Int {
    guard index < bytes.count else { return 0 }
    if bytes[index] == terminator { return 1 }
    guard terminator == 0x0A, bytes[index] == 0x0D, index + 1 < bytes.count else { return 0 }
    return bytes[index + 1] == 0x0A ? 2 : 0
  }

  private mutating func readRecord() {
    var record = ReferenceRecord(start: index, line: line)
    while true {
      let fieldStart = index
      let content = readField()
      if isUnterminated { return }
      record.fields.append(Array(bytes[fieldStart..<index]))
      record.contents.append(content)
      guard index < bytes.count, bytes[index] == delimiter else { break }
      index += 1
    }
    record.contentEnd = index
    if index < bytes.count { line += 1 }
    index += lineEndLength(at: index)
    record.end = index
    records.append(record)
  }

  private mutating func readField() -> [UInt8] {
    var content: [UInt8] = []
    if index < bytes.count, bytes[index] == 0x22 {
      index += 1
      while true {
        guard index < bytes.count else {
          isUnterminated = true
          return content
        }
        if bytes[index] == 0x22 {
          index += 1
          guard index < bytes.count, bytes[index] == 0x22 else { break }
        }
        if bytes[index] == terminator { line += 1 }
        content.append(bytes[index])
        index += 1
      }
    }
    while index < bytes.count, bytes[index] != delimiter, lineEndLength(at: index) == 0 {
      content.append(bytes[index])
      index += 1
    }
    return content
  }
}
