/// The keys of a configuration file, section by section: what the reader accepts and the schema
/// lists.
enum ConfigurationKeys {
  static let document = [
    "columns", "map", "where", "limit", "rows", "overwrite", "provenance", "max_credits",
    "max_credits_per_row", "seed", "ragged", "providers",
  ]
  static let column = [
    "field", "name", "steps", "verify", "where", "accept", "charge", "refund", "inputs",
  ]
  static let step = ["provider", "when", "key"]
}
