import CCurl

/// One of libcurl's easy handles. Options are set one by one and stay set.
///
/// Setting fails for want of memory only (what a caller may get wrong is checked before), or where
/// libcurl was built without something that cannot be done without, as TLS. A transfer with an
/// option missing would do something else than was asked for; so that ends the process.
struct EasyHandle {
  let pointer: UnsafeMutableRawPointer

  init() {
    guard let pointer = curl_easy_init() else { fatalError("no memory for a connection") }
    self.pointer = pointer
  }

  func set(_ option: CURLoption, _ value: Int) {
    check(ccurl_set_long(pointer, option, value))
  }

  /// Sets an option that a libcurl may be built without; then it does as well as it can.
  func prefer(_ option: CURLoption, _ value: Int) {
    _ = ccurl_set_long(pointer, option, value)
  }

  func set(_ option: CURLoption, _ isOn: Bool) { set(option, isOn ? 1 : 0) }

  func set(_ option: CURLoption, _ text: String?) {
    if let text {
      check(text.withCString { ccurl_set_text(pointer, option, $0) })
    } else {
      check(ccurl_set_text(pointer, option, nil))
    }
  }

  func set(_ option: CURLoption, size: Int) {
    check(ccurl_set_size(pointer, option, curl_off_t(size)))
  }

  func set(_ option: CURLoption, pointer value: UnsafeMutableRawPointer?) {
    check(ccurl_set_pointer(pointer, option, value))
  }

  func set(_ option: CURLoption, list: UnsafeMutablePointer<curl_slist>?) {
    check(ccurl_set_list(pointer, option, list))
  }

  func set(_ option: CURLoption, receiver: @escaping curl_write_callback) {
    check(ccurl_set_receiver(pointer, option, receiver))
  }

  func check(_ code: CURLcode) {
    if code != CURLE_OK {
      fatalError("libcurl refuses an option: \(String(cString: curl_easy_strerror(code)))")
    }
  }
}
