/// Recognises files that are no text by their first bytes, to say what to do with them.
enum ForeignFormat {
  /// What the file is and the way out, in words that follow “this is”; nil for what may be text.
  static func words(_ sample: UnsafeBufferPointer<UInt8>) -> String? {
    if sample.starts(with: [0x50, 0x4B, 0x03, 0x04]) { return archive(sample) }
    return formats.first { sample.starts(with: $0.start) }?.words
  }

  /// Workbooks are archives too: the names of their parts stand near the start.
  private static func archive(_ sample: UnsafeBufferPointer<UInt8>) -> String {
    let start = String(decoding: sample.prefix(4096), as: UTF8.self)
    if ["[Content_Types].xml", "_rels/", "xl/", "docProps/"].contains(where: start.contains) {
      return "an Excel workbook: save it as CSV"
    }
    if start.contains("opendocument.spreadsheet") {
      return "an OpenDocument spreadsheet: save it as CSV"
    }
    return "a ZIP archive: unpack it first (unzip -p FILE | waterfall enrich - …)"
  }

  private static let formats: [(start: [UInt8], words: String)] = [
    (
      [0xD0, 0xCF, 0x11, 0xE0, 0xA1, 0xB1, 0x1A, 0xE1],
      "an Excel workbook of the old format: save it as CSV"
    ),
    ([0x1F, 0x8B], "gzip: decompress it first (gunzip -c FILE | waterfall enrich - …)"),
    (
      [0x42, 0x5A, 0x68, 0x39, 0x31, 0x41, 0x59],
      "bzip2: decompress it first (bunzip2 -c FILE | waterfall enrich - …)"
    ),
    (
      [0x28, 0xB5, 0x2F, 0xFD], "zstd: decompress it first (zstd -dc FILE | waterfall enrich - …)"
    ),
    (
      [0xFD, 0x37, 0x7A, 0x58, 0x5A, 0x00],
      "xz: decompress it first (xz -dc FILE | waterfall enrich - …)"
    ),
    (Array("SQLite format 3\0".utf8), "an SQLite database: export the table as CSV"),
    (Array("%PDF-".utf8), "a PDF document: save its table as CSV"),
    (Array("PAR1".utf8) + [0x15], "a Parquet file: convert it to CSV"),
  ]
}
