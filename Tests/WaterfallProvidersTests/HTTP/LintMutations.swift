@testable import WaterfallProviders

/// At least one mistake for each check of `lint`.
enum LintMutations {
  static let all: [Mutation] = reading + rules + requests + times + prices + answers

  // MARK: What cannot be read

  private static let reading: [Mutation] = [
    Mutation(
      .finder, "price: 1", "prize: 1",
      "finder.yaml:8:5: error: unknown key “prize” in finds.work_email. Did you mean price?"),
    Mutation(
      .finder, in: .fixtures, "quota:", "qouta:",
      "fixtures/finder.yaml:14:3: error: “qouta” is no class of responses. Did you mean "
        + "quota?"),
    Mutation(
      .finder, in: .fixtures, "hit.unknown", "hit.unkown",
      "fixtures/finder.yaml:7:5: error: “unkown” is no verdict, and too near to “unknown” for a "
        + "name of your own. The verdicts are valid, invalid, catch_all, risky, unknown, "
        + "landline, someone_else; name it otherwise if none is meant."),
    Mutation(
      .finder, "name: Finder", "name: Finder  # TODO another name",
      "finder.yaml:2:17: error: “TODO another name” is left to do. Write it, and remove "
        + "the TODO."),
    Mutation(
      .finder, in: .fixtures, "text: upstream", "text: TODO",
      "fixtures/finder.yaml:16:36: error: “TODO}” is left to do. Write it, and remove the "
        + "TODO."),
    Mutation(
      .finder, "valid: [valid]", "valid: [valid, invalid]",
      "finder.yaml:44:19: error: “invalid” stands for two verdicts. Keep one of them."),
    Mutation(
      .finder, "value: .data.email", "value: .data.email |",
      "finder.yaml:39:14: error: this jq does not compile: syntax error, unexpected end. "
        + "Try it with the jq command; the answer is “.”."),
    Mutation(
      .finder, "value: .data.email", "value: .data.email) | (.x",
      "finder.yaml:39:14: error: this jq does not compile: syntax error, unexpected "
        + "INVALID_CHARACTER, expecting end. Try it with the jq command; the answer is “.”."),
    Mutation(
      .finder, "value: .data.email", "value: nonsense(.data)",
      "finder.yaml:39:14: error: this jq does not compile: nonsense/1 is not defined. Try "
        + "it with the jq command; the answer is “.”."),
    Mutation(
      .finder, "value: .data.email", "miss: .data |\n      value: .data.email",
      "finder.yaml:39:13: error: this jq does not compile: syntax error, unexpected end. "
        + "Try it with the jq command; the answer is “.”."),
    Mutation(
      .finder, "  retries:", "  miss: .data |\n  retries:",
      "finder.yaml:24:9: error: this jq does not compile: syntax error, unexpected end. "
        + "Try it with the jq command; the answer is “.”."),
    Mutation(
      .finder, "when: .faults", "when: .faults[",
      "finder.yaml:27:34: error: this is not YAML: did not find expected ',' or '}'. Look there, and "
        + "at the line before, for a bracket or quote that is not closed, and for the indentation."),
    Mutation(
      .async, "job: .id", "job: .id +",
      "poller.yaml:26:14: error: this jq does not compile: syntax error, unexpected end. "
        + "Try it with the jq command; the answer is “.”."),
    Mutation(
      .async, "'.state == \"working\"'", "'.state = = 1'",
      "poller.yaml:31:20: error: this jq does not compile: syntax error, unexpected '='. "
        + "Try it with the jq command; the answer is “.”."),
    Mutation(
      .references, "ref: .ref\n", "ref: .ref..\n",
      "referrer.yaml:22:14: error: this jq does not compile: syntax error, unexpected .., "
        + "expecting end. Try it with the jq command; the answer is “.”."),
    Mutation(
      .references, "items: .results", "items: .results[",
      "referrer.yaml:21:16: error: this jq does not compile: syntax error, unexpected end. "
        + "Try it with the jq command; the answer is “.”."),
  ]

  // MARK: Rules

  private static let rules: [Mutation] = [
    Mutation(
      .finder, "    - {status: 422, is: refused}",
      "    - {status: 4xx, is: refused}\n    - {status: [400, 422], is: quota}",
      "finder.yaml:27:7: error: http.rules[1] never applies: http.rules[0] takes every "
        + "response that it fits. Move it up, or leave it out."),
    Mutation(
      .finder, "- {status: 404, is: miss}",
      "- {status: 404, is: miss}\n        - {status: 404, when: .x, is: hit}",
      "finder.yaml:39:11: error: http.finds.work_email.rules[1] never applies: "
        + "http.finds.work_email.rules[0] takes every response that it fits. Move it up, or "
        + "leave it out."),
    Mutation(
      .finder, "- {status: 404, is: miss}",
      "- {when: .x, is: miss}\n        - {status: 404, when: .x, is: hit}\n        "
        + "- {status: 404, is: miss}",
      "finder.yaml:38:18: warning: http.finds.work_email.rules[0] applies to no response of the "
        + "fixtures: its “when” is never true. Mend it, or add a response that it is for.",
      "finder.yaml:39:11: error: http.finds.work_email.rules[1] never applies: "
        + "http.finds.work_email.rules[0] takes every response that it fits. Move it up, or "
        + "leave it out."),
    Mutation(
      .finder, "- {status: 404, is: miss}", "- {status: [404, 422], is: miss}",
      "finder.yaml:26:7: error: http.rules[0] never applies: every operation has a rule of "
        + "its own before it. Leave it out.",
      "fixtures/finder.yaml:15:3: error: finds.work_email would take errors.refused for a miss. "
        + "Add a rule to the manifest that says “is: refused” of it."),
    Mutation(
      .async, "- {when: '.state == \"working\"', is: pending}", "- {status: 425, is: quota}",
      "poller.yaml:25:7: warning: finds.mobile_phone is polled once only: no rule of the "
        + "poll says “pending”. Add a rule for the answer that is not ready."),
    Mutation(
      .patient, "- {status: 202, is: pending}", "- {status: 425, is: miss}",
      "patient.yaml:16:7: error: finds.company_size is never asked again: no rule of it "
        + "says “pending”. Add a rule that does, or leave “repeat” out."),
    Mutation(
      .finder,
      "    - {status: 422, is: refused}",
      "    - {status: 422, when: true, is: refused}\n    - {status: 422, is: refused}",
      "finder.yaml:27:7: error: http.rules[1] never applies: http.rules[0] takes every "
        + "response that it fits. Move it up, or leave it out."),
    Mutation(
      .async,
      ".state == \"nothing\"",
      ".state == \"noting\"",
      "poller.yaml:32:20: warning: http.finds.mobile_phone.poll.rules[1] applies to no "
        + "response of the fixtures: its “when” is never true. Mend it, or add a response "
        + "that it is for."),
    Mutation(
      .finder,
      "    - {status: 422, is: refused}",
      "    - {status: 422, is: refused}\n    - {status: 2xx, when: false, is: miss}",
      "finder.yaml:27:27: warning: http.rules[1] applies to no response of the fixtures: "
        + "its “when” is never true. Mend it, or add a response that it is for."),
  ]

  // MARK: Requests

  private static let requests: [Mutation] = [
    Mutation(
      .finder, "- [linkedin_url]",
      "- [linkedin_url]\n      - [domain, last_name, first_name, linkedin_url]",
      "finder.yaml:8:9: warning: finds.work_email.inputs[2] is never used: a row that has "
        + "it has inputs[0] as well, which comes first. Move it up, or leave it out."),
    Mutation(
      .finder, "          domain: \"{domain}\"\n", "",
      "finder.yaml:30:7: warning: the request of finds.work_email does not send domain of "
        + "the inputs [first_name, last_name, domain]. Write {domain} where the provider wants "
        + "it, or leave it out of the set."),
    Mutation(
      .patient, "\"/companies/{domain}\"", "/companies",
      "patient.yaml:15:7: error: the request of finds.company_size sends nothing of the "
        + "inputs [domain], so that every row asks the same. Write {domain} where the provider "
        + "wants it."),
    Mutation(
      .verifier, "{value}", "{email}",
      "judge.yaml:15:7: error: verifies.work_email does not send the value that it has to "
        + "judge. Write {value} where the provider wants it."),
    Mutation(
      .async, "\"/phone/{job}\"", "/phone",
      "poller.yaml:29:9: error: the poll of finds.mobile_phone does not say which job it "
        + "asks for. Write {job} where the provider wants it."),
    Mutation(
      .positions, "\"{items}\"}", "\"x{items}\"}",
      "lister.yaml:25:9: error: the batch of finds.job_title does not send its items. "
        + "Write \"{items}\" in “json”, as a text of its own, where the list belongs."),
    Mutation(
      .positions, "json: {details: \"{items}\"}", "form: {details: \"{items}\"}",
      "lister.yaml:25:9: error: the batch of finds.job_title does not send its items. "
        + "Write \"{items}\" in “json”, as a text of its own, where the list belongs."),
    Mutation(
      .positions, "item: {email: \"{email}\", profile: \"{linkedin_url}\"}",
      "item: {email: \"{email}\"}",
      "lister.yaml:26:9: error: the batch of finds.job_title sends nothing of the inputs "
        + "[linkedin_url], so that every row asks the same. Write {linkedin_url} where the "
        + "provider wants it."),
    Mutation(
      .references, "item: {email: \"{value}\", ref", "item: {ref",
      "referrer.yaml:20:9: error: the batch of verifies.work_email does not send the "
        + "values to judge. Write {value} where the provider wants it."),
  ]

  // MARK: Times and limits

  private static let times: [Mutation] = [
    Mutation(
      .finder, "connect: 5s", "connect: 61s",
      "finder.yaml:23:23: error: http.timeouts.connect is 61s, longer than the whole "
        + "exchange may take: 1m. Shorten it, or lengthen “total”."),
    Mutation(
      .finder, "first_byte: 30s, total: 60s", "first_byte: 2m, total: 90s",
      "finder.yaml:23:39: error: http.timeouts.first_byte is 2m, longer than the whole "
        + "exchange may take: 90s. Shorten it, or lengthen “total”."),
    Mutation(
      .async, "every: 5s", "every: 5m",
      "poller.yaml:27:16: error: finds.mobile_phone.poll waits 5m and gives up after 3m, "
        + "before it has asked again. Shorten “every”, or lengthen “most”."),
    Mutation(
      .patient, "every: 3s", "every: 90s",
      "patient.yaml:16:23: error: finds.company_size.repeat waits 90s and gives up after "
        + "1m, before it has asked again. Shorten “every”, or lengthen “most”."),
    Mutation(
      .finder, "p95: 4s", "p95: 61s",
      "finder.yaml:16:7: warning: one in twenty simulated answers of finds.work_email "
        + "takes longer than 61s, and a real one is given up after 1m. Shorten the latency, or "
        + "lengthen http.timeouts.total."),
    Mutation(
      .finder, "{requests: 500, per: 1m}", "{requests: 20, per: 1m}",
      "finder.yaml:21:12: warning: 15 requests in 1s hardly ever matters: so many are most "
        + "of the 20 requests in 1m. Look both up again: one of them may have another unit."),
    Mutation(
      .finder, "{requests: 500, per: 1m}", "{requests: 10, per: 1m}",
      "finder.yaml:21:12: warning: 15 requests in 1s can never matter: 10 requests in 1m "
        + "is less. Leave the one out that the provider does not have."),
    Mutation(
      .finder, "{requests: 500, per: 1m}", "{requests: 1000, per: 1m}",
      "finder.yaml:21:37: warning: 1000 requests in 1m can never be reached: 15 requests "
        + "in 1s is less. Leave the one out that the provider does not have."),
    Mutation(
      .finder, "{requests: 500, per: 1m}", "{requests: 500, per: 1s}",
      "finder.yaml:21:37: warning: 500 requests in 1s can never be reached: 15 requests in "
        + "1s is less. Leave the one out that the provider does not have."),
    Mutation(
      .finder,
      "p95: 4s",
      "p95: 1s",
      "finder.yaml:16:7: warning: every simulated answer of finds.work_email takes 1s: "
        + "its p95 is its p50. Write for p95 what one answer in twenty takes longer than."),
    // Found fault with once, though both others are less.
    Mutation(
      .finder,
      "{requests: 500, per: 1m}",
      "{requests: 3000, per: 1m}, {requests: 100, per: 1m}",
      "finder.yaml:21:37: warning: 3000 requests in 1m can never be reached: 15 requests "
        + "in 1s is less. Leave the one out that the provider does not have."),
    Mutation(
      .finder,
      "{requests: 15, per: 1s}",
      "{requests: 15, per: 100ms}",
      "finder.yaml:21:12: warning: 15 requests in 100ms is a window of less than a "
        + "second. Look it up again: one of the two may have another unit."),
    Mutation(
      .finder,
      "{requests: 15, per: 1s}, {requests: 500, per: 1m}",
      "{requests: 900000, per: 1m}",
      "finder.yaml:21:12: warning: 900000 requests in 1m is more than 10 000 a second. "
        + "Look it up again: one of the two may have another unit."),
    Mutation(
      .finder,
      "{requests: 500, per: 1m}",
      "{requests: 1, per: 25h}",
      "finder.yaml:21:37: warning: 1 requests in 25h is less than one a day. Look it up "
        + "again: one of the two may have another unit."),
  ]

  // MARK: Prices, and what is told on the way

  private static let prices: [Mutation] = [
    Mutation(
      .finder, "    cost: {dollars: 0.03}\n", "",
      "finder.yaml:8:12: warning: finds.work_email does not say what it costs in dollars. "
        + "Add “cost: {dollars: …}” with the price of your own plan."),
    Mutation(
      .finder, "dollars: 0.03", "dollars: 30",
      "finder.yaml:10:21: warning: finds.work_email costs $30 for 1 credit, which is more "
        + "than $10 a credit. Write what one attempt costs, in dollars."),
    Mutation(
      .finder, "price: 1", "price: 0",
      "finder.yaml:10:21: warning: finds.work_email is free, and costs $0.03 all the same. "
        + "Write the price in credits, or leave “cost” out.",
      "fixtures/finder.yaml:3:5: warning: finds.work_email.hit reports a cost of 1 credit, "
        + "where the manifest charges 0 credits. Mend the price or its “free”, the response, "
        + "or “cost” in the manifest’s http section."),
    Mutation(
      .finder, "https://api", "http://api",
      "finder.yaml:18:9: error: “http://api.finder.example/v2” is asked without "
        + "encryption, key and all. Write https://."),
    Mutation(
      .patient, "https://", "http://",
      "patient.yaml:9:9: warning: “http://patient.example” is asked without encryption. "
        + "Write https://."),
    Mutation(
      .tokens, "token_url: https://", "token_url: http://",
      "tokened.yaml:15:30: error: “http://tokened.example/oauth/token” is asked without "
        + "encryption, key and all. Write https://."),
    Mutation(
      .finder, "path: /email-finder", "url: http://other.example/find",
      "finder.yaml:31:14: error: “http://other.example/find” is asked without encryption, "
        + "key and all. Write https://."),
    Mutation(
      .positions, "  idempotency: Idempotency-Key\n", "",
      "lister.yaml:12:15: warning: finds.job_title may be billed twice: after an unknown "
        + "outcome the same is sent again, without an idempotency key. Write “on_unknown: "
        + "void”, unless the provider bills the same question once; name its idempotency "
        + "header if it has one."),
    Mutation(
      .async, "      value: .number", "      on_unknown: repeat\n      value: .number",
      "poller.yaml:33:19: warning: finds.mobile_phone may be billed twice: after an "
        + "unknown outcome the same is sent again, without an idempotency key. Write "
        + "“on_unknown: void”, unless the provider bills the same question once; name its "
        + "idempotency header if it has one."),
    Mutation(
      .finder,
      "dollars: 0.03",
      "dollars: 0.00003",
      "finder.yaml:10:21: warning: finds.work_email costs $0.00003 for 1 credit, which "
        + "is less than $0.0001 a credit. Write what one attempt costs, in dollars."),
    Mutation(
      .finder,
      "price: 1",
      "price: 0.03",
      "finder.yaml:8:12: warning: finds.work_email has a price of 0.03 credits, which is "
        + "its cost in dollars. Write the price in the provider’s credits, and the dollars "
        + "under “cost”.",
      "fixtures/finder.yaml:3:5: warning: finds.work_email.hit reports a cost of 1 "
        + "credit, where the manifest charges 0.03 credits. Mend the price or its “free”, "
        + "the response, or “cost” in the manifest’s http section."),
    Mutation(
      .tokens,
      "price: 0.1",
      "price: 0.02",
      "tokened.yaml:11:12: warning: verifies.company_domain has a price of 0.02 credits, "
        + "which is what one credit costs in dollars. Write the price in the provider’s "
        + "credits, and the dollars under “cost”."),
    Mutation(
      .async,
      "    price: 10\n    refunds_invalid: true\n    cost: {dollars: 0.5}\n",
      "    price: 0\n    refunds_invalid: true\n",
      "poller.yaml:8:12: warning: finds.mobile_phone takes a key, and nothing says that "
        + "it is free of charge. Write its price, or “cost: {dollars: 0}” if it is."),
    Mutation(
      .finder,
      "  on_unknown: void\n",
      "",
      "finder.yaml:29:5: warning: finds.work_email may be billed twice: a GET is sent "
        + "again after an unknown outcome, unless “on_unknown” says otherwise. Write "
        + "“on_unknown: void”, or “on_unknown: repeat” if the provider bills the same "
        + "question once."),
    Mutation(
      .tokens,
      "  on_unknown: void\n",
      "",
      "tokened.yaml:13:1: warning: finds.company_domain, verifies.company_domain may be "
        + "billed twice: a GET is sent again after an unknown outcome, unless “on_unknown” "
        + "says otherwise. Write “on_unknown: void”, or “on_unknown: repeat” if the provider "
        + "bills the same question once."),
  ]

  // MARK: Answers

  private static let answers: [Mutation] = [
    Mutation(
      .finder, "    - {status: 2xx, when: .faults, is: refused}\n", "",
      "finder.yaml:25:3: warning: with status 200, what errors.rate_limited, "
        + "errors.credentials, errors.quota, errors.refused say would pass for “not found” or "
        + "“cannot tell” in finds.work_email. Say of finders what a miss looks like, such as miss: "
        + "has(\"data\"), or add a rule for what errors look like, such as {status: 2xx, when: "
        + ".error, is: refused}."),
    Mutation(
      .finder, in: .fixtures, "json: {faults: [{code: 402}]}", "json: {data: {email: a@b.example}}",
      "fixtures/finder.yaml:14:3: error: finds.work_email would take errors.quota, if it came with "
        + "status 200, for a hit with “a@b.example” that the provider calls unknown. Add a rule "
        + "to the manifest that says “is: quota” of it."),
    Mutation(
      .verifier, in: .fixtures, "json: {fault: no such parameter}", "json: {result: bad}",
      "fixtures/judge.yaml:12:3: error: verifies.work_email would take errors.refused for the "
        + "verdict invalid. Add a rule to the manifest that says “is: refused” of it."),
    Mutation(
      .finder, in: .fixtures, "miss: {status: 200, json: {data: {email: null}",
      "miss: {status: 200, json: {data: {email: x}",
      "fixtures/finder.yaml:8:5: error: finds.work_email.miss is read as a hit with “x” "
        + "that the provider calls unknown. Mend the manifest’s “value”, or add a rule."),
    Mutation(
      .finder, "of: .data.status", "of: .data.verification.status",
      "finder.yaml:41:13: warning: no hit of finds.work_email has what its verdict is read "
        + "from, “.data.verification.status”. Mend “of”, or show a hit that has it in the "
        + "fixtures."),
    Mutation(
      .finder, in: .fixtures, "meta: {credits: 1}", "meta: {credits: 2}",
      "fixtures/finder.yaml:3:5: warning: finds.work_email.hit reports a cost of 2 "
        + "credits, where the manifest charges 1 credit. Mend the price or its “free”, the "
        + "response, or “cost” in the manifest’s http section."),
    Mutation(
      .verifier, "free: [unknown]", "free: [catch_all]",
      "fixtures/judge.yaml:7:5: warning: verifies.work_email.unknown reports a cost of 0 "
        + "credits, where the manifest charges 0.5 credits. Mend the price or its “free”, the "
        + "response, or “cost” in the manifest’s http section."),
    Mutation(
      .finder,
      "valid: [valid]",
      "valid: [valyd]",
      "finder.yaml:42:9: warning: no response of finds.work_email says “valyd”; one says "
        + "“valid”, which the verdict does not know. Write it as the provider does.",
      "fixtures/finder.yaml:3:5: error: finds.work_email.hit is read as a hit with "
        + "“ada.king0@analytical.example” that the provider calls unknown, not as a valid "
        + "one. Mend the manifest’s “verdict”, or the response; if it is meant so, name it "
        + "“hit.unknown”."),
    Mutation(
      .finder,
      "catch_all: [accept_all]",
      "catch_all: [everything]",
      "finder.yaml:43:9: warning: no response of finds.work_email has a word for "
        + "catch_all: “everything”. Mend the words, or show a response that has one."),
    Mutation(
      .finder,
      "value: .data.email",
      "value: .data.email // .data.mail",
      "finder.yaml:39:14: warning: “.data.mail” in http.finds.work_email.value yields "
        + "nothing for any response of the fixtures. Leave it out, or show a response that "
        + "has it."),
    Mutation(
      .finder,
      "confidence: .data.score",
      "confidence: .data.skore",
      "finder.yaml:46:19: warning: http.finds.work_email.confidence yields no number for "
        + "any response of the fixtures. Mend it, or show a response that has what it reads."),
    Mutation(
      .finder,
      "cost: .meta.credits",
      "cost: .meta.credit // null",
      "finder.yaml:47:13: warning: http.finds.work_email.cost yields no number for any "
        + "response of the fixtures. Mend it, or show a response that has what it reads."),
    Mutation(
      .verifier,
      "of: .result",
      "of: .results.state // .result",
      "judge.yaml:17:13: warning: “.results.state” in "
        + "http.verifies.work_email.verdict.of yields nothing for any response of the "
        + "fixtures. Leave it out, or show a response that has it."),
  ]
}
