import CCurl
import WaterfallProviders

/// The list of header lines that libcurl reads while it makes a request.
///
/// It lies in two blocks of memory that are used again from request to request: libcurl's own
/// `curl_slist_append` would allocate twice and walk the whole list for each line.
final class HeaderLines {
  private var nodes: UnsafeMutableBufferPointer<curl_slist> = .allocate(capacity: 8)
  private var text: UnsafeMutableRawBufferPointer = .allocate(byteCount: 512, alignment: 1)

  deinit {
    nodes.deallocate()
    text.deallocate()
  }

  /// The list for these headers and ready-made lines; nil without any. It is valid until the next
  /// call. O(bytes)
  func make(
    _ headers: [HTTPHeader], and lines: [String]
  ) -> UnsafeMutablePointer<curl_slist>? {
    let count = headers.count + lines.count
    guard count > 0 else { return nil }
    reserve(headers, lines)
    var end = 0
    for (index, header) in headers.enumerated() {
      start(index, end)
      end = append(header.name, end)
      if header.value.utf8.allSatisfy({ $0 == 0x20 || $0 == 0x09 }) {
        // `name;` is how libcurl is told to send a header without a value.
        end = append(";", end)
      } else {
        end = append(": ", end)
        end = append(header.value, end)
      }
      end = close(end)
    }
    for (index, line) in lines.enumerated() {
      start(headers.count + index, end)
      end = close(append(line, end))
    }
    nodes[count - 1].next = nil
    return nodes.baseAddress
  }

  private func reserve(_ headers: [HTTPHeader], _ lines: [String]) {
    let count = headers.count + lines.count
    if nodes.count < count {
      nodes.deallocate()
      nodes = .allocate(capacity: count * 2)
    }
    var bytes = 0
    for header in headers { bytes += header.name.utf8.count + header.value.utf8.count + 3 }
    for line in lines { bytes += line.utf8.count + 1 }
    if text.count < bytes {
      text.deallocate()
      text = .allocate(byteCount: bytes * 2, alignment: 1)
    }
  }

  private func start(_ index: Int, _ end: Int) {
    let data = text.baseAddress.map { ($0 + end).assumingMemoryBound(to: CChar.self) }
    let next = nodes.baseAddress.map { $0 + index + 1 }
    nodes.initializeElement(at: index, to: curl_slist(data: data, next: next))
  }

  private func append(_ string: String, _ end: Int) -> Int {
    var string = string
    return string.withUTF8 { bytes in
      text[end..<end + bytes.count].copyBytes(from: bytes)
      return end + bytes.count
    }
  }

  private func close(_ end: Int) -> Int {
    text[end] = 0
    return end + 1
  }
}
