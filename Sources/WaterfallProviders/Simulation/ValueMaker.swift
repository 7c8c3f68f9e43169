import WaterfallCore

/// Writes the right and the wrong values of one row.
///
/// The right value, the common wrong one and a provider’s own wrong one always differ.
struct ValueMaker {
  let field: Field
  let row: RowIdentity
  let truth: RowTruth

  @inline(__always) init(_ field: Field, _ row: RowIdentity, _ truth: RowTruth) {
    self.field = field
    self.row = row
    self.truth = truth
  }

  private var draw: UInt64 { Chance.key(truth.key, 5) }

  /// The value that the row has, if it has one.
  var right: String {
    switch field {
    case .workEmail: address(.company)
    case .mobilePhone: SafeNumbers.mobile(Chance.index(draw, below: 1000))
    case .companyDomain: text { domain(.company, &$0) }
    case .companySize: WordLists.sizes[Chance.index(draw, below: WordLists.sizes.count)]
    case .jobTitle: WordLists.titles[Chance.index(draw, below: WordLists.titles.count)]
    case .linkedinURL: profile(draw)
    }
  }

  /// The wrong value that several providers copied from the same place.
  var commonWrong: String {
    switch field {
    case .workEmail: address(.former)
    case .mobilePhone: SafeNumbers.mobile((Chance.index(draw, below: 1000) + 1) % 1000)
    case .companyDomain: text { domain(.former, &$0) }
    case .companySize: neighbour(in: WordLists.sizes, 1)
    case .jobTitle: neighbour(in: WordLists.titles, 1)
    case .linkedinURL: profile(draw ^ Self.firstSuffixBit)
    }
  }

  /// A wrong value of one provider; `own` is its draw for this row.
  func ownWrong(_ own: UInt64) -> String {
    let number = UInt64(2 + Chance.index(own, below: 97))
    switch field {
    case .workEmail:
      return address(truth.isCatchAll ? .former : .company, number: number)
    case .mobilePhone:
      let right = Chance.index(draw, below: 1000)
      return SafeNumbers.mobile((right + 2 + Chance.index(own, below: 998)) % 1000)
    case .companyDomain: return text { domain(.company, number: number, &$0) }
    case .companySize:
      return neighbour(in: WordLists.sizes, 2 + Chance.index(own, below: WordLists.sizes.count - 2))
    case .jobTitle:
      return neighbour(
        in: WordLists.titles, 2 + Chance.index(own, below: WordLists.titles.count - 2))
    case .linkedinURL:
      // Any change of the suffix but none, and but the one of the common wrong value.
      return profile(draw ^ (1 + UInt64(Chance.index(own, below: 0x7f_fffe))))
    }
  }

  /// The fixed line of the row’s company.
  var switchboard: String {
    SafeNumbers.landline(Chance.key(truth.companyKey, 6))
  }

  private static let firstSuffixBit: UInt64 = 0x80_0000

  private func neighbour(in list: [String], _ distance: Int) -> String {
    list[(Chance.index(draw, below: list.count) + distance) % list.count]
  }
}

// MARK: Letters

extension ValueMaker {
  /// Whose domain: the company’s, or the one that the person has left.
  enum Host {
    case company
    case former
  }

  private func address(_ host: Host, number: UInt64? = nil) -> String {
    text { bytes in
      AddressPattern(draw: Chance.key(truth.companyKey, 7)).write(first, last, &bytes)
      if let number { bytes.append(decimal: number) }
      bytes.append(UInt8(ascii: "@"))
      domain(host, &bytes)
    }
  }

  private func profile(_ suffix: UInt64) -> String {
    text { bytes in
      bytes.append("https://linkedin.example/in/")
      bytes.append(first)
      bytes.append(UInt8(ascii: "-"))
      bytes.append(last)
      bytes.append(UInt8(ascii: "-"))
      bytes.append(hex: suffix, digits: 6)
    }
  }

  private func domain(_ host: Host, number: UInt64? = nil, _ bytes: inout ByteWriter) {
    if host == .former { bytes.append("former-") }
    // A label is at most 63 letters: the slug, what stands before it and what follows it.
    var end = min(row.slug.count, 40)
    var start = 0
    while start < end, row.slug[start] == UInt8(ascii: "-") { start += 1 }
    while end > start, row.slug[end - 1] == UInt8(ascii: "-") { end -= 1 }
    if start < end {
      bytes.append(row.slug.part(start..<end))
    } else {
      bytes.append("firm-")
      bytes.append(hex: Chance.key(truth.companyKey, 8), digits: 6)
    }
    if let number {
      bytes.append(UInt8(ascii: "-"))
      bytes.append(decimal: number)
    }
    bytes.append(".example")
  }

  private var first: NamePart {
    row.first.isEmpty
      ? .listed(
        WordLists.firstNames[
          Chance.index(Chance.key(row.person, 9), below: WordLists.firstNames.count)])
      : .given(row.first)
  }

  private var last: NamePart {
    row.last.isEmpty
      ? .listed(
        WordLists.lastNames[
          Chance.index(Chance.key(row.person, 10), below: WordLists.lastNames.count)])
      : .given(row.last)
  }

  /// Written on the stack first, so that the string is no longer than it must be.
  @inline(__always) private func text(_ write: (inout ByteWriter) -> Void) -> String {
    withUnsafeTemporaryAllocation(of: UInt8.self, capacity: ByteWriter.capacity) { room in
      var bytes = ByteWriter(room)
      write(&bytes)
      return String(decoding: UnsafeBufferPointer(rebasing: room[..<bytes.count]), as: UTF8.self)
    }
  }
}
