/// The keys of a manifest's `http` section: what the reader accepts and the schema lists.
enum HTTPKeys {
  static let section = [
    "base", "auth", "headers", "limits", "concurrency", "timeouts", "retries", "idempotency",
    "on_unknown", "redirects", "rules", "miss", "finds", "verifies",
  ]
  static let auth = [
    "header", "prefix", "headers", "bearer", "query", "basic", "oauth2", "optional",
  ]
  static let basic = ["user", "password"]
  static let oauth2 = ["token_url", "scope"]
  static let limit = ["requests", "per"]
  static let timeouts = ["connect", "first_byte", "total"]
  static let retries = ["most", "wait", "longest"]
  static let rule = ["status", "when", "is"]
  static let finder = [
    "request", "requests", "rules", "value", "miss", "verdict", "confidence", "cost", "on_unknown",
    "poll", "repeat", "batch",
  ]
  static let verifier = [
    "request", "requests", "rules", "verdict", "confidence", "cost", "on_unknown", "poll",
    "repeat", "batch",
  ]
  static let request = ["with", "method", "path", "url", "query", "headers", "json", "form"]
  static let poll = ["job", "every", "most", "request", "rules"]
  static let again = ["every", "most"]
  static let batch = ["most", "wait", "request", "item", "items", "ref"]
  static let verdictExtras = ["of", "otherwise"]

  static let methods = ["GET", "POST", "PUT", "PATCH", "DELETE"]
}
