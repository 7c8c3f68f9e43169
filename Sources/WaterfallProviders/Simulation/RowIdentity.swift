import WaterfallCore

/// Who and what company a row is about, as keys and as letters to make values from.
///
/// The keys depend on what the inputs say, not on which inputs say it: `First Name` and
/// `Last Name` give the same person as a `Name` with both, in any case, spacing and accents;
/// `https://www.acme.com/about` gives the same company as `acme.com` and as `Acme, Inc.`.
/// A domain is preferred to a company's name, a name to a profile, an address or a number.
struct RowIdentity {
  let person: UInt64
  let company: UInt64
  /// Letters of the first and of the last word of the name; empty where there are none.
  let first: UnsafeBufferPointer<UInt8>
  let last: UnsafeBufferPointer<UInt8>
  /// Letters, digits and hyphens of the company; empty where there are none.
  let slug: UnsafeBufferPointer<UInt8>

  private static let nameRoom = 128
  private static let slugRoom = 128

  /// Calls `body` with the identity; its letters live only as long as the call.
  @inline(__always) static func with<Result>(
    _ inputs: Inputs, _ body: (RowIdentity) -> Result
  ) -> Result {
    withUnsafeTemporaryAllocation(of: UInt8.self, capacity: nameRoom + slugRoom) { room in
      body(RowIdentity(inputs, room))
    }
  }

  private init(_ inputs: Inputs, _ room: UnsafeMutableBufferPointer<UInt8>) {
    let known = KnownInputs(inputs)
    var name = LetterBuffer(UnsafeMutableBufferPointer(rebasing: room[..<Self.nameRoom]))
    var slug = LetterBuffer(UnsafeMutableBufferPointer(rebasing: room[Self.nameRoom...]))
    let company = Self.company(known, inputs, &slug)
    if let full = known.fullName, known.firstName == nil || known.lastName == nil {
      name.append(name: inputs.values[full])
    } else {
      if let index = known.firstName { name.append(name: inputs.values[index]) }
      if let index = known.lastName { name.append(name: inputs.values[index]) }
    }
    let person =
      name.isEmpty
      ? Self.unnamed(known, inputs) : Chance.key(name.key, company ?? 0)
    self.person = person
    self.company = company ?? Chance.key(person, 0x636f)
    (first, last) = Self.words(of: name.letters)
    self.slug = slug.letters
  }

  private static func company(
    _ known: KnownInputs, _ inputs: Inputs, _ slug: inout LetterBuffer
  ) -> UInt64? {
    if let index = known.domain { slug.append(host: inputs.values[index]) }
    if slug.isEmpty, let index = known.company { slug.append(company: inputs.values[index]) }
    if slug.isEmpty, let index = known.email { slug.append(host: inputs.values[index]) }
    return slug.isEmpty ? nil : slug.key
  }

  /// The first and the last word, passing over what only tells one generation from the next.
  private static func words(
    of name: UnsafeBufferPointer<UInt8>
  ) -> (UnsafeBufferPointer<UInt8>, UnsafeBufferPointer<UInt8>) {
    let space = UInt8(ascii: " ")
    guard let firstEnd = name.firstIndex(of: space) else { return (name, name.part(0..<0)) }
    var end = name.count
    while let start = name[..<end].lastIndex(of: space) {
      guard start > firstEnd, generations.contains(where: name[(start + 1)..<end].elementsEqual)
      else { return (name.part(0..<firstEnd), name.part((start + 1)..<end)) }
      end = start
    }
    return (name.part(0..<firstEnd), name.part(0..<0))
  }

  private static let generations = ["jr", "sr", "ii", "iii", "iv"].map { Array($0.utf8) }

  /// A row without a name is known by its profile, address or number, else by all it has.
  private static func unnamed(_ known: KnownInputs, _ inputs: Inputs) -> UInt64 {
    if let index = known.linkedinURL ?? known.email ?? known.phone {
      return Chance.key(of: inputs.values[index].lowercased())
    }
    var key: UInt64 = 0x7265_7374
    for index in inputs.names.indices where !inputs.values[index].isEmpty {
      key = Chance.key(key ^ Chance.key(of: inputs.names[index].rawValue), 1)
      key = Chance.key(key ^ Chance.key(of: inputs.values[index].lowercased()), 2)
    }
    return key
  }
}

extension UnsafeBufferPointer {
  @inline(__always) func part(_ range: Range<Int>) -> Self {
    UnsafeBufferPointer(rebasing: self[range])
  }
}

/// Where the well-known inputs of a row stand, for those that are not empty.
struct KnownInputs {
  private(set) var firstName: Int?
  private(set) var lastName: Int?
  private(set) var fullName: Int?
  private(set) var company: Int?
  private(set) var domain: Int?
  private(set) var linkedinURL: Int?
  private(set) var email: Int?
  private(set) var phone: Int?

  /// The length is looked at first: unequal strings are slower to compare than equal ones.
  @inline(__always) init(_ inputs: Inputs) {
    for index in inputs.names.indices where !inputs.values[index].isEmpty {
      let name = inputs.names[index].rawValue
      switch name.utf8.count {
      case 10: if name == "first_name" { firstName = index }
      case 9:
        if name == "last_name" { lastName = index }
        if name == "full_name" { fullName = index }
      case 7: if name == "company" { company = index }
      case 6: if name == "domain" { domain = index }
      case 12: if name == "linkedin_url" { linkedinURL = index }
      case 5:
        if name == "email" { email = index }
        if name == "phone" { phone = index }
      default: break
      }
    }
  }
}
