import WaterfallCore

/// Questions of one run that are under way, as the bytes of one row of `open_question_page`.
///
/// They come and go with every attempt, so that a row for each would cost more than the attempt's
/// own. 40 bytes for each, little endian: row, column, generation, step, role, and the key's two halves.
enum QuestionPage {
  private static let stride = 8 + 4 * 4 + 16

  static func bytes(_ questions: [AttemptID: QuestionKey]) -> [UInt8] {
    [UInt8](unsafeUninitializedCapacity: questions.count * stride) { buffer, count in
      let bytes = UnsafeMutableRawBufferPointer(buffer)
      for (id, key) in questions {
        var place = count
        func put(_ value: some FixedWidthInteger) {
          bytes.storeBytes(of: value.littleEndian, toByteOffset: place, as: type(of: value))
          place += value.bitWidth / 8
        }
        put(id.cell.row)
        put(id.cell.column)
        put(id.cell.generation)
        put(id.step)
        put(id.role.rawValue)
        put(key.high)
        put(key.low)
        count = place
      }
    }
  }

  /// Throws `DamagedRow` for bytes that are no page.
  static func read(
    _ bytes: UnsafeRawBufferPointer, of run: RunID, into questions: inout [AttemptID: QuestionKey]
  ) throws {
    guard bytes.count % stride == 0 else {
      throw DamagedRow("a page of questions under way has \(bytes.count) bytes")
    }
    var place = 0
    func take<Value: FixedWidthInteger>() -> Value {
      defer { place += Value.bitWidth / 8 }
      return Value(littleEndian: bytes.loadUnaligned(fromByteOffset: place, as: Value.self))
    }
    while place < bytes.count {
      let cell = CellID(run: run, row: take(), column: take(), generation: take())
      let step: Int32 = take()
      guard let role = AttemptID.Role(rawValue: take()) else {
        throw DamagedRow("a page of questions under way names a role that there is not")
      }
      let id = AttemptID(cell: cell, step: step, role: role)
      questions[id] = QuestionKey(high: take(), low: take())
    }
  }
}
