/// What the tool tells whoever started it.
enum ExitStatus: Int32 {
  case done = 0
  /// Something that the user can mend.
  case input = 1
  case usage = 64
  /// Our own fault.
  case fault = 70
  /// A disk, a file, a device.
  case io = 74
  /// Paused by credits or a budget; can be resumed.
  case paused = 75
  /// Stopped by the user; can be resumed.
  case interrupted = 130
}
