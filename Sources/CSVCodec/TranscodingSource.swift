/// A source that turns the bytes of another one into UTF-8 while they are read.
final class TranscodingSource: ByteSource {
  private let upstream: any ByteSource
  private let decoder: TextDecoder
  /// Bytes read and not decoded yet: all of a piece, or an incomplete character.
  private var input: [UInt8]
  /// Bytes read before those of `input`.
  private var inputOffset = 0
  private var output: [UInt8] = []
  private var outputStart = 0
  private var isAtEnd = false
  /// Told once the text before it has been read.
  private var failure: CSVError?

  private let piece = UnsafeMutableRawBufferPointer.allocate(byteCount: 64 << 10, alignment: 16)

  /// - Parameters:
  ///   - beginning: What was read from `upstream` already.
  ///   - failure: How `upstream` broke off after that, if it did.
  init(
    _ upstream: any ByteSource, beginning: [UInt8], failure: CSVError?, encoding: CSVEncoding
  ) {
    self.upstream = upstream
    self.failure = failure
    input = beginning
    decoder = TextDecoder(encoding)
    if !beginning.isEmpty { decodeInput() }
  }

  deinit { piece.deallocate() }

  func read(into buffer: UnsafeMutableRawBufferPointer) throws(CSVError) -> Int {
    while outputStart == output.count {
      if let failure { throw failure }
      if isAtEnd { return 0 }
      refill()
    }
    let count = min(buffer.count, output.count - outputStart)
    output.withUnsafeBytes { decoded in
      buffer.copyMemory(
        from: UnsafeRawBufferPointer(rebasing: decoded[outputStart..<outputStart + count]))
    }
    outputStart += count
    return count
  }

  private func refill() {
    var got = 0
    do {
      got = try upstream.read(into: piece)
    } catch {
      failure = error
    }
    input.append(contentsOf: piece[..<got])
    if got > 0 {
      decodeInput()
    } else if failure == nil {
      isAtEnd = true
      if !input.isEmpty {
        failure = .invalidUTF16("an incomplete character at the end", byteOffset: inputOffset)
      }
    }
  }

  /// Decodes as much of `input` as is complete.
  private func decodeInput() {
    outputStart = 0
    var consumed = 0
    output = Array(unsafeUninitializedCapacity: 3 * input.count) { text, count in
      input.withUnsafeBufferPointer { bytes in
        (consumed, count) = decoder.decode(bytes, into: text)
      }
    }
    inputOffset += consumed
    input.removeFirst(consumed)
    if input.count >= TextDecoder.longestCharacter, failure == nil {
      failure = .invalidUTF16("a lone surrogate", byteOffset: inputOffset)
    }
  }
}
