#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#else
  import Darwin
#endif

/// -1 where the system refuses.
func openInternetSocket(_ family: Int32, _ type: Int32, _ number: Int32) -> Int32 {
  #if canImport(Glibc)
    return socket(family, type | Int32(SOCK_CLOEXEC.rawValue), number)
  #else
    let descriptor = socket(family, type, number)
    if descriptor >= 0 { _ = fcntl(descriptor, F_SETFD, FD_CLOEXEC) }
    return descriptor
  #endif
}

func closeDescriptor(_ descriptor: Int32) -> Int32 { close(descriptor) }
