import WaterfallCore

/// Questions of one run that are under way, as the bytes of one row of `open_question_page`.
///
/// They come and go with every attempt, so that a row for each would cost too much. For each, in
/// little endian: row, column, generation, step, role, the key's two halves, and a byte, which is 1
/// where the attempt follows for which it was sent at first, 0 elsewhere.
enum QuestionPage {
  private static let attemptSize = 8 + 4 * 4
  private static let fixedSize = attemptSize + 16 + 1

  static func bytes(_ questions: some Collection<OpenQuestion>) -> [UInt8] {
    let most = questions.count * (fixedSize + attemptSize)
    return [UInt8](unsafeUninitializedCapacity: most) { buffer, count in
      let bytes = UnsafeMutableRawBufferPointer(buffer)
      var place = 0
      func put(_ value: some FixedWidthInteger) {
        bytes.storeBytes(of: value.littleEndian, toByteOffset: place, as: type(of: value))
        place += value.bitWidth / 8
      }
      func put(_ id: AttemptID) {
        put(id.cell.row)
        put(id.cell.column)
        put(id.cell.generation)
        put(id.step)
        put(id.role.rawValue)
      }
      for question in questions {
        put(question.attempt)
        put(question.question.high)
        put(question.question.low)
        put(question.sentFor == nil ? 0 : 1 as UInt8)
        if let earlier = question.sentFor { put(earlier) }
      }
      count = place
    }
  }

  /// Throws `DamagedRow` for bytes that are no page.
  static func read(
    _ bytes: UnsafeRawBufferPointer, of run: RunID, _ body: (OpenQuestion) -> Void
  ) throws {
    var place = 0
    func need(_ count: Int) throws {
      guard place + count <= bytes.count else {
        throw DamagedRow("a page of questions under way is cut off after \(bytes.count) bytes")
      }
    }
    func take<Value: FixedWidthInteger>() -> Value {
      defer { place += Value.bitWidth / 8 }
      return Value(littleEndian: bytes.loadUnaligned(fromByteOffset: place, as: Value.self))
    }
    func takeAttempt() throws -> AttemptID {
      let cell = CellID(run: run, row: take(), column: take(), generation: take())
      let step: Int32 = take()
      guard let role = AttemptID.Role(rawValue: take()) else {
        throw DamagedRow("a page of questions under way names a role that there is not")
      }
      return AttemptID(cell: cell, step: step, role: role)
    }
    while place < bytes.count {
      try need(fixedSize)
      let attempt = try takeAttempt()
      let key = QuestionKey(high: take(), low: take())
      var earlier: AttemptID?
      if take() as UInt8 != 0 {
        try need(attemptSize)
        earlier = try takeAttempt()
      }
      body(OpenQuestion(attempt: attempt, question: key, sentFor: earlier))
    }
  }
}
