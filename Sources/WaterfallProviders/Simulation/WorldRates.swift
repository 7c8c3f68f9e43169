import WaterfallCore

/// How often a row of the simulated world has a value at all: assumptions, chosen so that every
/// figure of a bundled manifest is possible.
///
/// The provable share bounds hit rate × valid share of every provider; about nine of ten people
/// have a work address, and a tenth of companies accepts mail for every name (FullEnrich's and
/// the verifiers' published tests put catch-alls between a tenth and a third).
struct WorldRates: Sendable {
  /// Rows that have a value ÷ rows.
  let exists: Double
  /// Rows at a catch-all domain ÷ rows; 0 for fields where that means nothing.
  let catchAll: Double

  /// Rows whose value can be proved to be right ÷ rows.
  var provable: Double { exists * (1 - catchAll) }

  static func of(_ field: Field) -> WorldRates {
    switch field {
    case .workEmail: WorldRates(exists: 0.92, catchAll: 0.12)
    case .mobilePhone: WorldRates(exists: 0.75, catchAll: 0)
    case .companyDomain: WorldRates(exists: 0.97, catchAll: 0)
    case .companySize: WorldRates(exists: 0.97, catchAll: 0)
    case .jobTitle: WorldRates(exists: 0.95, catchAll: 0)
    case .linkedinURL: WorldRates(exists: 0.93, catchAll: 0)
    }
  }
}
