/// The domain of a company, out of what people write into a column of websites.
///
/// A domain that is sent is paid for, so a text that does not plainly name one site names none:
/// several hosts, words, a number, a page of somebody else's platform, a private address.
enum Website {
  /// The domain in lower case, without scheme, port, path and `www.`; empty where there is none.
  ///
  /// Of an e-mail address it is the host, unless that is a provider of mail for everybody.
  /// O(length).
  static func domain(in text: String) -> String {
    var text = text
    let host = text.withUTF8 { bytes -> String in
      let range = HostName.range(in: bytes)
      guard isHost(bytes, range), isAlone(range, in: bytes) else { return "" }
      return String(decoding: UnsafeBufferPointer(rebasing: bytes[range]), as: UTF8.self)
    }.lowercased()
    guard !host.isEmpty else { return "" }
    if isAddress(text) { return FreeMail.serves(host) ? "" : host }
    return isProfile(text, on: host) ? "" : host
  }

  /// Labels of letters, digits and hyphens, at least two, and a last one of two bytes or more that
  /// is no number. What is not ASCII is taken as a letter: a name in another script is a host too.
  private static func isHost(_ bytes: UnsafeBufferPointer<UInt8>, _ range: Range<Int>) -> Bool {
    guard range.count <= 253 else { return false }
    let labels = bytes[range].split(separator: dot, omittingEmptySubsequences: false)
    guard labels.count >= 2, let last = labels.last, last.count >= 2,
      last.contains(where: { !$0.isDigit })
    else { return false }
    return labels.allSatisfy { label in
      (1...63).contains(label.count) && label.first != hyphen && label.last != hyphen
        && label.allSatisfy { $0.isLetterOrDigit || $0 == hyphen || $0 >= 0x80 }
    }
  }

  /// Whether nothing but a port, a path and the like follows: no second host, no words.
  private static func isAlone(_ host: Range<Int>, in bytes: UnsafeBufferPointer<UInt8>) -> Bool {
    let rest = bytes[host.upperBound...].drop { $0 == dot }
    guard let next = rest.first, next != UInt8(ascii: "/"), next != UInt8(ascii: ":"),
      next != UInt8(ascii: "?"), next != UInt8(ascii: "#")
    else { return true }
    return rest.allSatisfy { $0 <= UInt8(ascii: " ") }
  }

  /// `ada@acme.com`, but not `https://user:password@acme.com`.
  private static func isAddress(_ text: String) -> Bool {
    guard let sign = text.utf8.firstIndex(of: UInt8(ascii: "@")) else { return false }
    return !text.utf8[..<sign].contains(UInt8(ascii: "/"))
  }

  /// A page on a platform is no site of the company's; the platform's own front page is.
  private static func isProfile(_ text: String, on host: String) -> Bool {
    guard platforms.contains(where: { host == $0 || host.hasSuffix(".\($0)") }) else {
      return false
    }
    let start = text.firstRange(of: "://")?.upperBound ?? text.startIndex
    guard let slash = text[start...].firstIndex(of: "/") else { return false }
    return text[slash...].contains { $0 != "/" && !$0.isWhitespace }
  }

  private static let platforms = [
    "linkedin.com", "facebook.com", "fb.com", "fb.me", "twitter.com", "x.com", "instagram.com",
    "youtube.com", "tiktok.com", "xing.com",
  ]

  private static let dot = UInt8(ascii: ".")
  private static let hyphen = UInt8(ascii: "-")
}

/// Providers of mail for everybody: their domain says nothing about where somebody works.
enum FreeMail {
  /// Whether `host`, in lower case, is one of them.
  static func serves(_ host: String) -> Bool {
    if hosts.contains(host) { return true }
    let labels = host.split(separator: ".")
    guard let name = labels.first, families.contains(String(name)) else { return false }
    return labels.count == 2 || (labels.count == 3 && ["co", "com", "ne"].contains(labels[1]))
  }

  /// Under these names there is one in many countries: `yahoo.co.uk`, `gmx.de`.
  private static let families: Set = ["yahoo", "hotmail", "outlook", "live", "gmx", "yandex"]

  private static let hosts: Set = [
    "gmail.com", "googlemail.com", "ymail.com", "rocketmail.com", "msn.com", "passport.com",
    "aol.com", "icloud.com", "me.com", "mac.com", "proton.me", "protonmail.com", "pm.me",
    "tutanota.com", "tuta.com", "mail.com", "email.com", "fastmail.com", "zoho.com", "hey.com",
    "inbox.com", "web.de", "t-online.de", "freenet.de", "posteo.de", "mailbox.org", "orange.fr",
    "wanadoo.fr", "free.fr", "laposte.net", "sfr.fr", "libero.it", "virgilio.it", "bluewin.ch",
    "btinternet.com", "talktalk.net", "virginmedia.com", "comcast.net", "verizon.net", "att.net",
    "sbcglobal.net", "bellsouth.net", "cox.net", "charter.net", "rediffmail.com", "naver.com",
    "daum.net", "hanmail.net", "qq.com", "163.com", "126.com", "sina.com", "mail.ru", "bk.ru",
    "list.ru", "inbox.ru", "rambler.ru", "seznam.cz", "wp.pl", "o2.pl", "interia.pl", "uol.com.br",
    "bol.com.br", "terra.com.br",
  ]
}
