/// The encoding of a source. All but UTF-8 are transcoded to UTF-8 while they are read, so that
/// offsets, raw bytes and output are UTF-8; a byte order mark is kept, as the UTF-8 one.
public enum CSVEncoding: String, Hashable, Sendable, CaseIterable, Codable {
  case utf8 = "utf-8"
  /// UTF-16 in the byte order that its mark, or the pattern of NUL bytes, tells; else little
  /// endian. A reader's dialect names the order that was found.
  case utf16 = "utf-16"
  case utf16LittleEndian = "utf-16le"
  case utf16BigEndian = "utf-16be"
  /// ISO 8859-1: each byte is the code point of the same number.
  case latin1 = "latin-1"
  /// Windows code page 1252; its five unassigned bytes become the C1 controls, as in browsers.
  case windows1252 = "windows-1252"

  /// The encoding with this name, in any case and with the usual aliases.
  public init?(name: String) {
    switch name.lowercased() {
    case "utf-8", "utf8": self = .utf8
    case "utf-16", "utf16": self = .utf16
    case "utf-16le", "utf16le": self = .utf16LittleEndian
    case "utf-16be", "utf16be": self = .utf16BigEndian
    case "latin-1", "latin1", "iso-8859-1", "iso8859-1": self = .latin1
    case "windows-1252", "windows1252", "cp1252": self = .windows1252
    default: return nil
    }
  }
}
