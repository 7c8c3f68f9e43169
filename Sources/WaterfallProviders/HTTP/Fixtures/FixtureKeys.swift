/// The keys of a file of fixtures: what the reader accepts and the schema lists.
enum FixtureKeys {
  static let document = ["finds", "verifies", "errors"]
  static let response = ["status", "headers", "json", "text"]
  /// Beside the responses of an operation, which are named by their classes.
  static let operation = ["batch"]
  /// Beside the items of a batch, likewise.
  static let batch = ["envelope"]
}
