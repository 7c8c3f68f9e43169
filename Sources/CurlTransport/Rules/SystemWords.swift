import WaterfallCore

#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#else
  import Darwin
#endif

/// What the system calls an error number, fit for the middle of a sentence: `connection refused`.
/// Abbreviations keep their capitals.
func systemWords(_ code: Int32) -> String {
  let words = String(cString: strerror(code))
  guard words.dropFirst().first?.isLowercase == true else { return words }
  return words.prefix(1).lowercased() + words.dropFirst()
}

/// What the system says about a call that failed.
func systemFailure(_ what: String, _ code: Int32 = errno) -> UserError {
  UserError(.io, "\(what): \(systemWords(code))", remedy: "Is the limit of open files reached?")
}
