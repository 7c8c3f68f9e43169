import WaterfallCore
import WaterfallProviders
import WaterfallReports

extension ProviderOffer {
  /// What a manifest offers, by field: what it finds, then what it verifies.
  static func all(_ manifest: Manifest, of field: Field? = nil) -> [ProviderOffer] {
    Field.allCases.filter { field == nil || field == $0 }.flatMap { field in
      [
        manifest.finds[field].map { offer in
          ProviderOffer(
            provider: manifest.id, field: field, price: offer.price,
            charge: .finder(offer.charge), dollars: offer.cost?.dollars, inputs: offer.inputs,
            ways: ways(manifest, .finder, field))
        },
        manifest.verifies[field].map { offer in
          ProviderOffer(
            provider: manifest.id, field: field, price: offer.price,
            charge: .verifier(free: offer.free), dollars: offer.cost?.dollars, inputs: [],
            ways: ways(manifest, .verifier, field))
        },
      ].compactMap { $0 }
    }
  }

  private static func ways(
    _ manifest: Manifest, _ role: AttemptID.Role, _ field: Field
  ) -> Set<Way> {
    var ways: Set<Way> = []
    if let http = manifest.http {
      ways.insert(.http)
      if http.needsKey { ways.insert(.key) }
      if http.isAsync(role, field) { ways.insert(.async) }
      if http.isBatched(role, field) { ways.insert(.batch) }
    }
    if manifest.kinds.contains(.simulated) { ways.insert(.simulated) }
    if manifest.kinds.contains(.lookup) { ways.insert(.lookup) }
    return ways
  }
}

extension ProviderSummary {
  init(_ manifest: Manifest) {
    let http = manifest.http.map { http in
      HTTP(
        base: http.base,
        key: http.needsKey ? .needed : http.takesKey ? .optional : .none,
        limits: http.limits.map { limit in
          (limit.requests, Int64((limit.per / .milliseconds(1)).rounded()))
        })
    }
    self.init(
      id: manifest.id, name: manifest.name, about: manifest.about, website: manifest.website,
      file: manifest.file, http: http, offers: ProviderOffer.all(manifest))
  }
}
