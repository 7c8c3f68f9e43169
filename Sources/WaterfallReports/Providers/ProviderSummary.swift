public import WaterfallCore

/// One provider, as its manifest describes it.
public struct ProviderSummary: Sendable {
  public static let schema = "waterfall.provider/1"

  /// How it is asked over HTTP.
  public struct HTTP: Sendable {
    public enum Key: String, Sendable {
      case none
      case optional
      case needed
    }

    let base: String
    let key: Key
    /// So many requests in so many milliseconds.
    let limits: [(requests: Int, milliseconds: Int64)]

    public init(base: String, key: Key, limits: [(requests: Int, milliseconds: Int64)]) {
      self.base = base
      self.key = key
      self.limits = limits
    }
  }

  private let id: ProviderID
  private let name: String
  private let about: String?
  private let website: String?
  private let file: String
  private let http: HTTP?
  private let offers: [ProviderOffer]

  public init(
    id: ProviderID, name: String, about: String?, website: String?, file: String, http: HTTP?,
    offers: [ProviderOffer]
  ) {
    self.id = id
    self.name = name
    self.about = about
    self.website = website
    self.file = file
    self.http = http
    self.offers = offers
  }

  public var json: JSONValue {
    .object([
      "schema": .string(Self.schema),
      "provider": .string(id.rawValue),
      "name": .string(name),
      "about": .optional(about) { .string($0) },
      "website": .optional(website) { .string($0) },
      "manifest": .string(file),
      "http": .optional(http) { http in
        .object([
          "base": .string(http.base),
          "key": .string(http.key.rawValue),
          "limits": .array(
            http.limits.map { limit in
              .object([
                "requests": .integer(Int64(limit.requests)),
                "milliseconds": .integer(limit.milliseconds),
              ])
            }),
        ])
      },
      "offers": .array(offers.map { .members($0.members) }),
    ])
  }
}
