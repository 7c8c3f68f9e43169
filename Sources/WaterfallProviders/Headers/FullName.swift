/// A full name split into first and last, where the split is beyond doubt.
///
/// Two words are first and last; initials and generations (`Jr.`, `III`) between and after them
/// are passed over, a title before them too; `von`, `de la` and the like open the last name;
/// `Lovelace, Ada` is turned around. Any other name with three words or more is not split, because
/// nothing tells a second first name from a first of two last names.
struct FullName: Equatable {
  let first: String
  let last: String

  init?(_ text: String) {
    let parts = text.split(separator: ",", omittingEmptySubsequences: false)
      .map { $0.split(whereSeparator: \.isWhitespace).map(String.init) }
      .filter { words in !words.allSatisfy { Self.isPassedOver($0, Self.generations) } }
    switch parts.count {
    case 1: self.init(words: parts[0])
    case 2 where !parts[0].isEmpty && !parts[1].isEmpty:
      self.init(words: parts[1], lastName: parts[0])
    default: return nil
    }
  }

  private init?(words: [String]) {
    var words = words
    while words.count > 2, Self.isPassedOver(words[0], Self.titles) { words.removeFirst() }
    while words.count > 2, Self.isPassedOver(words[words.count - 1], Self.generations) {
      words.removeLast()
    }
    guard words.count >= 2 else { return nil }
    var rest = words.dropFirst()
    while rest.count > 1, let word = rest.first, Self.isInitial(word) { rest = rest.dropFirst() }
    guard rest.count == 1 || Self.isPassedOver(rest[rest.startIndex], Self.particles),
      rest.last.map({ !Self.isInitial($0) }) ?? false, !Self.isInitial(words[0])
    else { return nil }
    self.first = words[0]
    self.last = rest.joined(separator: " ")
  }

  /// `Last, First` with the last name as it stands.
  private init?(words: [String], lastName: [String]) {
    let names = words.filter { !Self.isInitial($0) && !Self.isPassedOver($0, Self.generations) }
    guard names.count == 1 else { return nil }
    self.first = names[0]
    self.last = lastName.filter { !Self.isPassedOver($0, Self.generations) }
      .joined(separator: " ")
  }

  private static func isInitial(_ word: String) -> Bool {
    let letters = word.filter { $0 != "." }
    return letters.count == 1
      || (letters.count == 2 && word.contains(".") && letters == letters.uppercased())
  }

  private static func isPassedOver(_ word: String, _ known: Set<String>) -> Bool {
    known.contains(word.lowercased().filter { $0 != "." })
  }

  private static let titles: Set<String> = [
    "mr", "mrs", "ms", "miss", "mx", "dr", "prof", "sir", "dame", "herr", "frau", "rev", "hon",
  ]
  private static let generations: Set<String> = [
    "jr", "sr", "ii", "iii", "iv", "v", "phd", "md", "esq", "mba", "cpa",
  ]
  private static let particles: Set<String> = [
    "von", "van", "de", "da", "di", "del", "della", "der", "den", "du", "des", "dos", "das", "la",
    "le", "el", "al", "bin", "ibn", "ten", "ter", "zu", "zur", "st",
  ]
}
