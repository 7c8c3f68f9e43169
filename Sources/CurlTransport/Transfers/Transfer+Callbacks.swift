import CCurl
import WaterfallProviders

/// Runs on the loop's thread, called by libcurl in the midst of a transfer; nothing here may call
/// libcurl's multi interface, nor a caller's completion.
extension Transfer {
  fileprivate static func at(_ context: UnsafeMutableRawPointer?) -> Transfer? {
    context.map { Unmanaged<Transfer>.fromOpaque($0).takeUnretainedValue() }
  }

  /// One line of the head, interim answers and trailers included. False ends the transfer.
  fileprivate func take(headerLine line: UnsafeBufferPointer<UInt8>) -> Bool {
    hasFirstByte = true
    guard head.take(line) else {
      stop = .headTooLarge
      return false
    }
    return true
  }

  /// A piece of the body, decompressed. False ends the transfer.
  fileprivate func take(body bytes: UnsafeBufferPointer<UInt8>) -> Bool {
    guard body.count + bytes.count <= exchange?.request.mostBytes ?? 0 else {
      stop = .tooLarge
      return false
    }
    body.append(contentsOf: bytes)
    return true
  }

  /// The connection stands, and a request is about to be sent. False ends the transfer.
  ///
  /// This comes a second time when the connection broke before an answer began and libcurl goes
  /// for another. That is safe where not a byte was sent; all else might ask, and pay, twice. A
  /// server may also say that it did not look at the request (REFUSED_STREAM of HTTP/2), and libcurl
  /// does not tell that from a connection that broke: so that, too, is left to the caller.
  fileprivate func mayRequest() -> Bool {
    requests += 1
    if requests == 1 {
      hasConnected = true
      return true
    }
    // Whether the connection was new says nothing: one that several share counts as used.
    if ccurl_get_long(easy.pointer, CURLINFO_REQUEST_SIZE) == 0 { return true }
    stop = .sentAgain
    return false
  }
}

private func bytes(
  _ data: UnsafeMutablePointer<CChar>?, _ count: Int
) -> UnsafeBufferPointer<UInt8> {
  UnsafeBufferPointer(
    start: UnsafeRawPointer(data)?.assumingMemoryBound(to: UInt8.self), count: count)
}

let receiveHeader: curl_write_callback = { data, size, count, context in
  let length = size * count
  guard let transfer = Transfer.at(context) else { return 0 }
  return transfer.take(headerLine: bytes(data, length)) ? length : 0
}

let receiveBody: curl_write_callback = { data, size, count, context in
  let length = size * count
  guard let transfer = Transfer.at(context) else { return 0 }
  return transfer.take(body: bytes(data, length)) ? length : 0
}

let beforeRequest: curl_prereq_callback = { context, _, _, _, _ in
  Transfer.at(context)?.mayRequest() == true
    ? CURL_PREREQFUNC_OK : CURL_PREREQFUNC_ABORT
}
