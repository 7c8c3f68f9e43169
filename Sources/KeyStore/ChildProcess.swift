import Foundation
import WaterfallProviders

/// A process of our own, in a session of its own, so that all it starts can be ended together.
struct ChildProcess {
  let id: pid_t

  struct NotStarted: Error {
    let code: Int32
  }

  /// A session of its own: not in every header.
  #if canImport(Darwin)
    private static let newSession: Int32 = 0x400
  #else
    private static let newSession: Int32 = 0x80
  #endif

  /// Starts a program by its path. Its standard input is empty, and signals mean to it what they
  /// always do.
  static func start(
    _ arguments: [String], environment: [String: String], output: Pipe, errors: Pipe
  ) -> Result<ChildProcess, NotStarted> {
    #if canImport(Darwin)
      var actions: posix_spawn_file_actions_t?
      var attributes: posix_spawnattr_t?
    #else
      var actions = posix_spawn_file_actions_t()
      var attributes = posix_spawnattr_t()
    #endif
    posix_spawn_file_actions_init(&actions)
    posix_spawnattr_init(&attributes)
    defer {
      posix_spawn_file_actions_destroy(&actions)
      posix_spawnattr_destroy(&attributes)
    }
    posix_spawn_file_actions_addopen(&actions, STDIN_FILENO, "/dev/null", O_RDONLY, 0)
    posix_spawn_file_actions_adddup2(&actions, output.writer, STDOUT_FILENO)
    posix_spawn_file_actions_adddup2(&actions, errors.writer, STDERR_FILENO)
    var all = sigset_t()
    var none = sigset_t()
    sigfillset(&all)
    sigemptyset(&none)
    posix_spawnattr_setsigdefault(&attributes, &all)
    posix_spawnattr_setsigmask(&attributes, &none)
    posix_spawnattr_setflags(
      &attributes,
      Int16(newSession | Int32(POSIX_SPAWN_SETSIGDEF) | Int32(POSIX_SPAWN_SETSIGMASK)))
    let words = copies(of: arguments)
    let settings = copies(of: environment.map { "\($0.key)=\($0.value)" })
    defer { for word in words + settings { free(word) } }
    var id = pid_t()
    let code = posix_spawn(&id, arguments[0], &actions, &attributes, words, settings)
    output.closeWriter()
    errors.closeWriter()
    return code == 0 ? .success(ChildProcess(id: id)) : .failure(NotStarted(code: code))
  }

  private static func copies(of texts: [String]) -> [UnsafeMutablePointer<CChar>?] {
    texts.map { strdup($0) } + [nil]
  }

  /// How the process ended; nil while it runs. Once it has said so, it is not to be asked again.
  var ending: KeyCommandResult.Ending? {
    var status: Int32 = 0
    let found = retrying { waitpid(id, &status, WNOHANG) }
    guard found != 0 else { return nil }
    guard found == id else { return .notStarted(String(cString: strerror(errno))) }
    let signal = status & 0x7F
    return signal == 0 ? .exited((status >> 8) & 0xFF) : .killed(signal: signal)
  }

  /// Asks the process, and all that it started, to end; what is left after a while is made to.
  func end(within farewell: Duration) {
    kill(-id, SIGTERM)
    let deadline = ContinuousClock.now + farewell
    // While the process is not waited for, its number is nobody else's.
    while !hasEnded, ContinuousClock.now < deadline { usleep(5_000) }
    kill(-id, SIGKILL)
    var status: Int32 = 0
    _ = retrying { waitpid(id, &status, 0) }
  }

  private var hasEnded: Bool {
    var info = siginfo_t()
    let options = WEXITED | WNOHANG | WNOWAIT
    guard retrying({ waitid(P_PID, id_t(id), &info, options) }) == 0 else { return true }
    return info.si_signo == SIGCHLD
  }
}
