import WaterfallCore

/// The keys of a manifest, section by section: what the reader accepts and the schema lists.
enum ManifestKeys {
  static let document = [
    "id", "name", "about", "website", "finds", "verifies", "simulation", "lookup", "http",
    "command",
  ]
  static let offer = ["inputs", "price", "charge", "refund", "refunds_invalid", "cost"]
  static let verifierOffer = ["price", "free", "cost"]
  static let cost = ["dollars", "when"]
  static let lookup = ["file", "table", "keys", "values"]
  static let simulation = ["finds", "verifies"]
  static let finder = [
    "hit_rate", "valid_share", "risky_share", "common_wrong_share", "landline_share", "latency",
    "faults",
  ]
  static let verifier = [
    "definite", "false_invalid", "false_valid", "catch_all", "confirms", "latency", "faults",
  ]
  static let latency = ["p50", "p95"]
  static let faults = FaultRates.reasons.map(\.rawValue) + ["timeout"]
}
