public import WaterfallCore

/// What is really so for one row and one field.
struct RowTruth {
  /// The key that every draw about this row and field starts from.
  let key: UInt64
  let companyKey: UInt64
  let exists: Bool
  /// Whether the company's mail server accepts every name; false for other fields.
  let isCatchAll: Bool

  @inline(__always) init(_ field: Field, _ row: RowIdentity, _ rates: WorldRates, seed: UInt64) {
    let subject = field.isOfPerson ? row.person : row.company
    let world = Chance.key(seed, 0x746f_776e)
    key = Chance.key(world ^ subject, UInt64(truncatingIfNeeded: field.position))
    companyKey = Chance.key(world ^ row.company, 0x636f_6d70)
    exists = Chance.uniform(Chance.key(key, 1)) < rates.exists
    isCatchAll =
      rates.catchAll > 0 && Chance.uniform(Chance.key(companyKey, 2)) < rates.catchAll
  }

  /// The latent findability of the row, shared by all providers.
  @inline(__always) var findability: Double { Chance.normal(Chance.key(key, 3)) }
  /// How easily a wrong value is taken for the right one, shared by all providers.
  @inline(__always) var temptation: Double { Chance.normal(Chance.key(key, 4)) }
}

extension Field {
  /// Whether the field is about the person rather than the company.
  var isOfPerson: Bool {
    switch self {
    case .workEmail, .mobilePhone, .jobTitle, .linkedinURL: true
    case .companyDomain, .companySize: false
    }
  }

  /// 0-based, the same in every release: simulated luck depends on it.
  @inline(__always) var position: Int {
    switch self {
    case .workEmail: 0
    case .mobilePhone: 1
    case .companyDomain: 2
    case .companySize: 3
    case .jobTitle: 4
    case .linkedinURL: 5
    }
  }
}

/// The simulated world of one seed.
///
/// Everything in it follows from the seed, a row’s inputs and the provider asked, by hashing
/// alone: nothing depends on order, concurrency or an earlier question. It keeps no state and may
/// be used from any thread.
///
/// **How luck is drawn.** A provider with hit rate h, valid share q and risky share r is asked
/// about a row; e is the share of rows that have a value, c the share at catch-all domains.
/// - Each row has a latent findability Z, each provider and row a private ε, both standard normal;
///   the provider’s luck is √ρ·Z + √(1−ρ)·ε (a Gaussian copula with ρ = 0.35), which is standard
///   normal again, so that every provider keeps its own rate while providers resemble each other.
/// - A row with a value and without a catch-all domain, a share e·(1−c): a valid hit where luck is
///   below the quantile of h·q ÷ (e·(1−c)). So valid hits are h·q of all answers.
/// - A row at a catch-all domain, a share c: a risky hit where luck is below the quantile of
///   h·r ÷ c. So risky hits are h·r.
/// - Every row not hit so far, a share 1−h·q−h·r: an invalid hit where a second luck, correlated in
///   the same way by the row’s temptation, is below the quantile of h·(1−q−r) ÷ (1−h·q−h·r). So
///   invalid hits are h·(1−q−r), hits are h, and a row without a value is missed more often.
///
/// Values reach nobody: domains and profiles are under `.example`, numbers are from the ranges that
/// Ofcom keeps for drama.
public struct SimulatedWorld: Sendable, Hashable {
  public let seed: UInt64
  let key: UInt64

  public init(seed: UInt64) {
    self.seed = seed
    self.key = Chance.mix(seed)
  }

  /// ρ: how much of a provider’s luck is the row’s. An assumption: with it, three finders of
  /// addresses that each find 55 % find 74 % together, where independent ones would find 91 %.
  static let correlation = 0.35

  /// The true value of a row, or nil where it has none.
  public func value(of field: Field, for inputs: Inputs) -> String? {
    RowIdentity.with(inputs) { row in
      let truth = RowTruth(field, row, .of(field), seed: key)
      return truth.exists ? ValueMaker(field, row, truth).right : nil
    }
  }
}
