import Testing
import WaterfallCore

@testable import WaterfallProviders

/// Mistakes in the `http` section of a manifest, with the exact message, place and remedy.
@Suite struct HTTPStrictnessTests {
  typealias Mistake = ManifestStrictnessTests.Mistake

  static let good = """
    id: alpha
    name: Alpha
    finds:
      work_email:
        inputs: [[first_name, domain], [linkedin_url]]
        price: 1
        refunds_invalid: false
    http:
      base: https://api.alpha.example
      auth: {header: X-Key}
      limits: [{requests: 10, per: 1s}]
      concurrency: 4
      timeouts: {total: 9s}
      retries: {most: 2, wait: 1s, longest: 5s}
      on_unknown: void
      redirects: none
      rules:
        - {status: 404, is: miss}
      finds:
        work_email:
          request: {path: /find, query: {first: "{first_name}", domain: "{domain}"}}
          value: .email
          verdict: {of: .status, valid: [ok], invalid: [bad]}

    """

  static let batch =
    "batch: {most: 9, wait: 1s, request: {path: /all, json: \"{items}\"}, item: {}, items: .}"

  @Test func theGoodOneIsRead() throws {
    let manifest = try Manifest(parsing: Self.good, file: "alpha.yaml")
    #expect(manifest.http?.needsKey == true)
  }

  @Test(arguments: [
    Mistake(
      "auth: {header: X-Key}", "auth: {optional: true}",
      "10:9: http.auth does not say where the key goes. Write one of header, headers, "
        + "bearer, query, basic and oauth2"),
    Mistake(
      "{header: X-Key}", "{header: X-Key, query: key}",
      "10:9: http.auth sends the key in more than one way: header, query. Write one of "
        + "header, headers, bearer, query, basic and oauth2"),
    Mistake(
      "{header: X-Key}", "{query: key, prefix: \"Token \"}",
      "10:30: only a header has a prefix. Leave “prefix” out"),
    Mistake(
      "{header: X-Key}", "{headers: {X-Key: \"{secret}\"}}",
      "10:27: http.auth.headers.X-Key uses “{secret}”, which is not defined here. Here "
        + "are key, key.1, key.2"),
    Mistake(
      "{header: X-Key}", "{headers: {X-Key: key}}",
      "10:19: http.auth.headers does not send the key. Write {key}, or {key.1} and "
        + "{key.2}, into it"),
    Mistake(
      "{header: X-Key}", "{basic: {user: api, password: \"\"}}",
      "10:17: http.auth.basic does not send the key. Write {key}, or {key.1} and {key.2}, "
        + "into it"),
    Mistake(
      "{header: X-Key}", "{bearer: false}",
      "10:18: http.auth.bearer is false. Leave it out"),
    Mistake(
      "{header: X-Key}", "{header: X Key}",
      "10:18: “X Key” is no name of a header"),
    Mistake(
      "https://api.alpha.example", "api.alpha.example",
      "9:9: “api.alpha.example” is no URL. Write it with https:// and the host"),
    Mistake(
      "per: 1s", "per: 1",
      "11:32: http.limits[0].per is “1”, not a duration of 1 ms to 366 days. Write 200ms, "
        + "5s, 2m, 1h or 1d"),
    Mistake(
      "concurrency: 4", "concurrency: 0",
      "12:16: http.concurrency is 0, outside 1 to 512"),
    Mistake(
      "concurrency: 4", "concurrency: 513",
      "12:16: http.concurrency is 513, outside 1 to 512"),
    Mistake(
      "longest: 5s", "longest: 500ms",
      "14:12: http.retries.wait is longer than http.retries.longest"),
    Mistake(
      "most: 2", "most: 21",
      "14:19: http.retries.most is 21, outside 0 to 20"),
    Mistake(
      "redirects: none", "redirects: always",
      "16:14: “always” is no rule for redirects. Write one of none, same_origin, https"),
    Mistake(
      "status: 404", "status: 4xy",
      "18:16: “4xy” is no status. Write 404, or 5xx for a whole class"),
    Mistake(
      "{status: 404, is: miss}", "{is: miss}",
      "18:7: http.rules[0] fits every response. Add “status” or “when”"),
    Mistake(
      "is: miss", "is: missing",
      "18:25: “missing” is no class of responses. Write one of hit, miss, refused, "
        + "unavailable, rate_limited, quota, credentials, malformed, pending"),
    Mistake(
      "{status: 404, is: miss}", "{status: 202, is: pending}",
      "21:7: a rule of http.finds.work_email says “pending”, and nothing says how it is "
        + "asked again. Add “repeat:” to ask the same again, or “poll:”"),
    Mistake(
      "path: /find", "path: find",
      "21:23: http.finds.work_email.request.path does not begin with a slash. Write /…"),
    Mistake(
      "path: /find", "path: /find, method: get",
      "21:38: “get” is no method. Did you mean GET?"),
    Mistake(
      "path: /find", "with: [linkedin_url], path: /find",
      "21:23: http.finds.work_email.request.with is none of the offer's input sets. Write "
        + "one of them, in the same order"),
    Mistake(
      "\"{domain}\"", "\"{domian}\"",
      "21:69: http.finds.work_email.request.query.domain uses “{domian}”, which is not "
        + "defined here. Did you mean domain?"),
    Mistake(
      "\"{domain}\"", "\"{domain|upper}\"",
      "21:69: “upper” is no filter. The filters are slug, sha256, digits, lower"),
    Mistake(
      "value: .email", "value: env.HOME",
      "22:14: a jq program may not use “env”. Use the answer, $status, $headers and "
        + "$inputs only"),
    Mistake(
      "value: .email", "value: $ ENV.HOME",
      "22:14: a jq program may not use “ENV”. Use the answer, $status, $headers and "
        + "$inputs only"),
    Mistake(
      "value: .email", "value: \".email # \\\\\"",
      "22:14: a comment of a jq program may not end in a backslash or have a carriage return in "
        + "it. Versions of jq disagree about where it ends: leave it out"),
    Mistake(
      "value: .email", "value: .email\n      repeat: {every: 1s, most: 9s}\n      \(batch)",
      "24:14: http.finds.work_email.batch stands beside “repeat”, and a batch is one exchange: "
        + "its answers are not waited for. Keep one of the two"),
    Mistake(
      "value: .email",
      "value: .email\n      poll: {every: 1s, most: 9s, job: .id, request: {path: \"/{job}\"}}\n"
        + "      \(batch)",
      "24:14: http.finds.work_email.batch stands beside “poll”, and a batch is one exchange: "
        + "its answers are not waited for. Keep one of the two"),
    Mistake(
      "value: .email", "values: .email",
      "22:7: unknown key “values” in http.finds.work_email. Did you mean value?"),
    Mistake(
      "invalid: [bad]", "invalid: [ok]",
      "23:53: “ok” stands for two verdicts. Keep one of them"),
  ])
  func mistakesAreNamed(mistake: Mistake) {
    let text = Self.good.replacing(mistake.right, with: mistake.wrong, maxReplacements: 1)
    #expect(text != Self.good)
    let error = #expect(throws: UserError.self) {
      try Manifest(parsing: text, file: "alpha.yaml")
    }
    #expect(error.map { "\($0)" } == "alpha.yaml:\(mistake.message)")
  }
}
