import WaterfallCore

/// The providers that can be asked, offer by offer, in the order given.
public struct ProviderList: Sendable {
  public static let schema = "waterfall.providers/1"

  private let offers: [ProviderOffer]
  private let showsInputs: Bool
  private static let width = 100

  /// - Parameter showsInputs: Whether the text says below each offer what it needs.
  public init(_ offers: [ProviderOffer], showsInputs: Bool = false) {
    self.offers = offers
    self.showsInputs = showsInputs
  }

  /// A table for a terminal of 100 columns.
  public var text: String {
    var table = TextTable([
      .init("provider", limit: 24), .init("field"), .init("role"), .init("credits", .right),
      .init("charged"), .init("asked by"),
    ])
    for offer in offers {
      table.add([
        offer.provider.rawValue, offer.field.rawValue, offer.role, Phrases.amount(offer.price),
        offer.chargeWords, offer.wayWords,
      ])
    }
    let lines = table.lines()
    guard showsInputs else { return Phrases.text(lines) }
    let longest = offers.map(\.provider.rawValue.count).max() ?? 0
    let indent = min(24, max("provider".count, longest)) + 2
    return Phrases.text(
      lines.prefix(1)
        + zip(offers, lines.dropFirst()).flatMap { [$1] + Self.lines(of: $0.inputWords, indent) })
  }

  /// Words after `indent` spaces, broken between two of them before the line gets too long.
  private static func lines(of words: String, _ indent: Int) -> [String] {
    let margin = String(repeating: " ", count: indent)
    var lines: [String] = []
    for word in words.split(separator: " ") {
      guard let last = lines.last, last.count + 1 + word.count <= width else {
        lines.append(margin + word)
        continue
      }
      lines[lines.count - 1] = "\(last) \(word)"
    }
    return lines
  }

  public var json: JSONValue {
    .object([
      "schema": .string(Self.schema),
      "offers": .array(
        offers.map { offer in
          .members([.init("provider", .string(offer.provider.rawValue))] + offer.members)
        }),
    ])
  }
}
