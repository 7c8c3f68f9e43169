import Foundation

/// What is left of a process that dies by a signal.
public enum DyingProcess {
  /// Keeps this process from leaving its memory, in which there are keys, when it dies: in a file,
  /// which goes for all that it starts too, or in the words of Swift's backtraces, which show what
  /// registers point at. For the first moment of a process. Where the system does not allow it,
  /// nothing is done.
  ///
  /// The limit is one byte: too little for any file, as zero is. But with zero, Linux still hands the
  /// memory to a program where it was told to (a “|” in `kernel.core_pattern`), and with one it does
  /// not.
  public static func leaveNothing() {
    var limit = rlimit(rlim_cur: 1, rlim_max: 1)
    #if canImport(Glibc)
      _ = setrlimit(__rlimit_resource_t(RLIMIT_CORE.rawValue), &limit)
    #else
      _ = setrlimit(RLIMIT_CORE, &limit)
    #endif
    // The signals that Swift's runtime has backtraces for.
    for number in [SIGQUIT, SIGABRT, SIGBUS, SIGFPE, SIGILL, SIGSEGV, SIGTRAP] {
      signal(number, SIG_DFL)
    }
  }
}
