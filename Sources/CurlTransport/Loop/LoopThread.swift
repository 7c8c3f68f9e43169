import Synchronization
import WaterfallCore

#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#else
  import Darwin
#endif

/// A thread that can be joined by whoever comes first.
final class LoopThread: Sendable {
  /// A thread's name in the system: a number on Linux, a pointer that is never followed on macOS.
  private struct Handle: @unchecked Sendable {
    let thread: pthread_t
  }

  private let handle: Handle
  private let isJoined = Mutex(false)

  /// Starts a thread that runs `body`. Signals are left to other threads, and a broken pipe is an
  /// error of the call that met it.
  init(_ body: sending @escaping () -> Void) throws {
    let context = Unmanaged.passRetained(ThreadBody(body))
    #if canImport(Darwin)
      var created: pthread_t?
      let code = pthread_create(&created, nil, runThread, context.toOpaque())
    #else
      var thread = pthread_t()
      let code = pthread_create(&thread, nil, runThread, context.toOpaque())
      let created = code == 0 ? thread : nil
    #endif
    guard let created else {
      context.release()
      throw systemFailure("cannot start a thread", code)
    }
    handle = Handle(thread: created)
  }

  var isCurrent: Bool { pthread_equal(pthread_self(), handle.thread) != 0 }

  /// Waits until the thread has ended; on the thread itself, lets it end on its own.
  func join() {
    if isCurrent {
      // Where the lock is taken, somebody waits for this thread already.
      _ = isJoined.withLockIfAvailable { isJoined in
        if !isJoined { pthread_detach(handle.thread) }
        isJoined = true
      }
    } else {
      isJoined.withLock { isJoined in
        if !isJoined { pthread_join(handle.thread, nil) }
        isJoined = true
      }
    }
  }
}

private final class ThreadBody {
  let run: () -> Void
  init(_ run: @escaping () -> Void) { self.run = run }
}

#if canImport(Darwin)
  private typealias ThreadContext = UnsafeMutableRawPointer
#else
  private typealias ThreadContext = UnsafeMutableRawPointer?
#endif

private func runThread(_ context: ThreadContext) -> UnsafeMutableRawPointer? {
  var signals = sigset_t()
  sigfillset(&signals)
  pthread_sigmask(SIG_BLOCK, &signals, nil)
  let pointer: UnsafeMutableRawPointer? = context
  if let pointer { Unmanaged<ThreadBody>.fromOpaque(pointer).takeRetainedValue().run() }
  return nil
}
