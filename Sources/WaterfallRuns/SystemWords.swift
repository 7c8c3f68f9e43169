import Foundation

/// What the system calls an error number, fit for the middle of a sentence: `no space left on
/// device`. Abbreviations keep their capitals.
package func systemWords(_ code: Int32) -> String {
  let words = String(cString: strerror(code))
  guard words.dropFirst().first?.isLowercase == true else { return words }
  return words.prefix(1).lowercased() + words.dropFirst()
}
