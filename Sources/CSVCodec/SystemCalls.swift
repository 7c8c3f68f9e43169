#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#elseif canImport(Darwin)
  import Darwin
#endif

/// The few calls to the operating system, in one place because their names differ by platform.
enum SystemCalls {
  static var isInterrupted: Bool { errno == EINTR }

  static func isDirectory(_ descriptor: Int32) -> Bool {
    var status = stat()
    return fstat(descriptor, &status) == 0 && status.st_mode & S_IFMT == S_IFDIR
  }

  /// How many bytes of a regular file follow the current offset; nil for anything else.
  static func remainingBytes(_ descriptor: Int32) -> Int? {
    var status = stat()
    guard fstat(descriptor, &status) == 0, status.st_mode & S_IFMT == S_IFREG else { return nil }
    let offset = lseek(descriptor, 0, SEEK_CUR)
    guard offset >= 0 else { return nil }
    return max(0, Int(status.st_size) - Int(offset))
  }

  static func advance(_ descriptor: Int32, by count: Int) -> Bool {
    lseek(descriptor, off_t(count), SEEK_CUR) >= 0
  }

  static func openForReading(_ path: String) -> Int32? {
    while true {
      let descriptor = open(path, O_RDONLY | O_CLOEXEC)
      if descriptor >= 0 { return descriptor }
      if !isInterrupted { return nil }
    }
  }

  /// Waits until a non-blocking descriptor is ready again; false if the error is another one.
  static func waitIfBusy(_ descriptor: Int32, toWrite: Bool) -> Bool {
    guard errno == EAGAIN || errno == EWOULDBLOCK else { return false }
    var request = pollfd(fd: descriptor, events: Int16(toWrite ? POLLOUT : POLLIN), revents: 0)
    return poll(&request, 1, -1) >= 0 || isInterrupted
  }

  static func read(_ descriptor: Int32, _ buffer: UnsafeMutableRawBufferPointer) -> Int? {
    while true {
      #if canImport(Glibc)
        let count = Glibc.read(descriptor, buffer.baseAddress, buffer.count)
      #elseif canImport(Musl)
        let count = Musl.read(descriptor, buffer.baseAddress, buffer.count)
      #else
        let count = Darwin.read(descriptor, buffer.baseAddress, buffer.count)
      #endif
      if count >= 0 { return count }
      if !isInterrupted, !waitIfBusy(descriptor, toWrite: false) { return nil }
    }
  }

  static func write(_ descriptor: Int32, _ buffer: UnsafeRawBufferPointer) -> Int? {
    while true {
      #if canImport(Glibc)
        let count = Glibc.write(descriptor, buffer.baseAddress, buffer.count)
      #elseif canImport(Musl)
        let count = Musl.write(descriptor, buffer.baseAddress, buffer.count)
      #else
        let count = Darwin.write(descriptor, buffer.baseAddress, buffer.count)
      #endif
      if count >= 0 { return count }
      if !isInterrupted, !waitIfBusy(descriptor, toWrite: true) { return nil }
    }
  }

  static func closeDescriptor(_ descriptor: Int32) {
    _ = close(descriptor)
  }

  /// What the system says about the call that just failed.
  static var lastErrorText: String {
    String(cString: strerror(errno))
  }
}
