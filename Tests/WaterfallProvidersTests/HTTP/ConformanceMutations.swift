@testable import WaterfallProviders

/// Mistakes in manifests and fixtures that a rehearsal finds.
enum ConformanceMutations {
  static let all: [Mutation] = responses + missing + flows + batches

  // MARK: What a response is read as

  private static let responses: [Mutation] = [
    Mutation(
      .finder, in: .fixtures, "email: \"{value}\", score", "email: x@y.example, score",
      "fixtures/finder.yaml:3:5: error: finds.work_email.hit is read as a hit with "
        + "“x@y.example” that the provider calls valid, not as a hit with "
        + "“ada.king0@analytical.example” that the provider calls valid. Write {value} where the "
        + "provider’s answer has the value, or mend “value” in the manifest."),
    Mutation(
      .finder, in: .fixtures, "status: accept_all", "status: valid",
      "fixtures/finder.yaml:6:5: error: finds.work_email.hit.risky is read as a hit with "
        + "“ada.king0@analytical.example” that the provider calls valid, not as a hit with "
        + "“ada.king0@analytical.example” that the provider calls risky. Mend the response, or "
        + "the manifest’s rules and jq."),
    Mutation(
      .finder, in: .fixtures, "hit.unknown", "hit.invalid",
      "fixtures/finder.yaml:7:5: error: finds.work_email.hit.invalid is read as a hit with "
        + "“ada.king0@analytical.example” that the provider calls unknown, not as a hit with "
        + "“ada.king0@analytical.example” that the provider calls invalid. Mend the response, "
        + "or the manifest’s rules and jq."),
    // A plain hit is a good one.
    Mutation(
      .finder, "valid: [valid]", "valid: [valyd]",
      "fixtures/finder.yaml:3:5: error: finds.work_email.hit is read as a hit with "
        + "“ada.king0@analytical.example” that the provider calls unknown, not as a hit with "
        + "“ada.king0@analytical.example” that the provider calls valid. Mend the manifest’s "
        + "“verdict”, or the response; if it is meant so, name it “hit.unknown”."),
    Mutation(
      .finder, "valid: [valid]", "risky: [valid]",
      "fixtures/finder.yaml:3:5: error: finds.work_email.hit is read as a hit with "
        + "“ada.king0@analytical.example” that the provider calls risky, not as a hit with "
        + "“ada.king0@analytical.example” that the provider calls valid. Mend the manifest’s "
        + "“verdict”, or the response; if it is meant so, name it “hit.risky”."),
    Mutation(
      .finder, in: .fixtures, "hit.unknown", "hit.landline",
      "fixtures/finder.yaml:7:5: error: finds.work_email.hit.landline is read as a hit with "
        + "“ada.king0@analytical.example” that the provider calls unknown, not as a hit with "
        + "“ada.king0@analytical.example” that the provider calls landline. Mend the response, "
        + "or the manifest’s rules and jq."),
    Mutation(
      .finder, in: .fixtures, "hit.risky", "hit.someone_else",
      "fixtures/finder.yaml:6:5: error: finds.work_email.hit.someone_else is read as a hit with "
        + "“ada.king0@analytical.example” that the provider calls catch_all, not as a hit with "
        + "“ada.king0@analytical.example” that the provider calls someone_else. Mend the "
        + "response, or the manifest’s rules and jq."),
    // Rejected all the same, and for another reason.
    Mutation(
      .finder, in: .fixtures,
      "hit.unknown: {status: 200, json: {data: {email: \"{value}\", "
        + "status: odd",
      "hit.landline: {status: 200, json: {data: {email: \"{value}\", "
        + "status: invalid",
      "fixtures/finder.yaml:7:5: error: finds.work_email.hit.landline is read as a hit with "
        + "“ada.king0@analytical.example” that the provider calls invalid, not as a hit with "
        + "“ada.king0@analytical.example” that the provider calls landline. Mend the response, "
        + "or the manifest’s rules and jq."),
    // A name of one's own after the verdict.
    Mutation(
      .finder, in: .fixtures, "hit.risky", "hit.unknown.at_a_catch_all",
      "fixtures/finder.yaml:6:5: error: finds.work_email.hit.unknown.at_a_catch_all is read as a "
        + "hit with “ada.king0@analytical.example” that the provider calls catch_all, not as a "
        + "hit with “ada.king0@analytical.example” that the provider calls unknown. Mend the "
        + "response, or the manifest’s rules and jq."),
    Mutation(
      .finder, "catch_all: [accept_all]", "unknown: [accept_all]",
      "fixtures/finder.yaml:6:5: error: finds.work_email.hit.risky is read as a hit with "
        + "“ada.king0@analytical.example” that the provider calls unknown, not as a hit with "
        + "“ada.king0@analytical.example” that the provider calls risky. Mend the response, or "
        + "the manifest’s rules and jq."),
    Mutation(
      .finder, "value: .data.email", "value: .data.emial",
      "fixtures/finder.yaml:3:5: error: finds.work_email.hit is read as a miss, not as a "
        + "hit with “ada.king0@analytical.example” that the provider calls valid. Mend the "
        + "response, or the manifest’s rules and jq.",
      "fixtures/finder.yaml:6:5: error: finds.work_email.hit.risky is read as a miss, not "
        + "as a hit with “ada.king0@analytical.example” that the provider calls risky. Mend "
        + "the response, or the manifest’s rules and jq.",
      "fixtures/finder.yaml:7:5: error: finds.work_email.hit.unknown is read as a miss, "
        + "not as a hit with “ada.king0@analytical.example” that the provider calls unknown. "
        + "Mend the response, or the manifest’s rules and jq."),
    Mutation(
      .finder, "value: .data.email", "value: .data",
      "fixtures/finder.yaml:3:5: error: finds.work_email.hit is read as the failure "
        + "malformed (the value is not a text), not as a hit with "
        + "“ada.king0@analytical.example” that the provider calls valid. Mend the response, or "
        + "the manifest’s rules and jq.",
      "fixtures/finder.yaml:6:5: error: finds.work_email.hit.risky is read as the failure "
        + "malformed (the value is not a text), not as a hit with "
        + "“ada.king0@analytical.example” that the provider calls risky. Mend the response, or "
        + "the manifest’s rules and jq.",
      "fixtures/finder.yaml:7:5: error: finds.work_email.hit.unknown is read as the "
        + "failure malformed (the value is not a text), not as a hit with "
        + "“ada.king0@analytical.example” that the provider calls unknown. Mend the response, "
        + "or the manifest’s rules and jq.",
      "fixtures/finder.yaml:8:5: error: finds.work_email.miss is read as the failure "
        + "malformed (the value is not a text), not as a miss. Mend the response, or the "
        + "manifest’s rules and jq."),
    Mutation(
      .finder, "value: .data.email", "value: .data.email.x",
      "fixtures/finder.yaml:3:5: error: finds.work_email.hit is read as the failure "
        + "malformed (jq: Cannot index string with string \"x\"), not as a hit with "
        + "“ada.king0@analytical.example” that the provider calls valid. Mend the response, or "
        + "the manifest’s rules and jq.",
      "fixtures/finder.yaml:6:5: error: finds.work_email.hit.risky is read as the failure "
        + "malformed (jq: Cannot index string with string \"x\"), not as a hit with "
        + "“ada.king0@analytical.example” that the provider calls risky. Mend the response, or "
        + "the manifest’s rules and jq.",
      "fixtures/finder.yaml:7:5: error: finds.work_email.hit.unknown is read as the "
        + "failure malformed (jq: Cannot index string with string \"x\"), not as a hit with "
        + "“ada.king0@analytical.example” that the provider calls unknown. Mend the response, "
        + "or the manifest’s rules and jq."),
    Mutation(
      .finder, "value: .data.email", "value: .data.email // $inputs.domain",
      "fixtures/finder.yaml:8:5: error: finds.work_email.miss, asked with first_name, "
        + "last_name, domain, is read as a hit with “analytical.example” that the provider "
        + "calls unknown, not as a miss. Mend the response, or the manifest’s rules and jq."),
    Mutation(
      .finder, "- {status: 404, is: miss}", "- {status: 410, is: miss}",
      "fixtures/finder.yaml:9:5: error: finds.work_email.miss.no_such_company is read as "
        + "the failure refused (it answered with status 404), not as a miss. Mend the "
        + "response, or the manifest’s rules and jq."),
    Mutation(
      .finder, "- {status: 422, is: refused}", "- {status: 422, is: quota}",
      "fixtures/finder.yaml:15:3: error: errors.refused, as the answer for "
        + "finds.work_email, is read as the failure quota (it answered with status 422), not "
        + "as the failure refused. Add a rule to the manifest that says “is: refused”."),
    Mutation(
      .finder, in: .fixtures, "text: \"<html>busy</html>\"",
      "json: {}",
      "fixtures/finder.yaml:17:3: error: errors.malformed, as the answer for "
        + "finds.work_email, is read as a miss, not as the failure malformed. Add a rule to "
        + "the manifest that says “is: malformed”."),
    Mutation(
      .verifier, in: .fixtures, "result: ok", "result: bad",
      "fixtures/judge.yaml:3:5: error: verifies.work_email.valid is read as the verdict "
        + "invalid, not as the verdict valid. Mend the response, or the manifest’s rules and "
        + "jq."),
    Mutation(
      .verifier, in: .fixtures, "result: catch_all", "result: unknown",
      "fixtures/judge.yaml:6:5: error: verifies.work_email.catch_all is read as the "
        + "verdict unknown, not as the verdict catch_all. Mend the response, or the manifest’s "
        + "rules and jq."),
    Mutation(
      .verifier, "      unknown: [unknown]", "      risky: [unknown]",
      "fixtures/judge.yaml:2:3: error: there is no response “risky” for "
        + "verifies.work_email. Add “risky:” with what the provider answers where it judges a "
        + "value like that.",
      "fixtures/judge.yaml:7:5: error: verifies.work_email.unknown is read as the verdict "
        + "risky, not as the verdict unknown. Mend the response, or the manifest’s rules and "
        + "jq."),
    Mutation(
      .finder, "value: .data.email", "value: .data.email |",
      "finder.yaml:29:5: error: the jq of finds.work_email does not compile: syntax error, "
        + "unexpected ')'. “waterfall providers lint” names the expression."),
  ]

  // MARK: What is not there

  private static let missing: [Mutation] = [
    Mutation(
      .finder, in: .fixtures, "miss: {status: 200", "hit.miss: {status: 200",
      "fixtures/finder.yaml:8:5: error: finds.work_email.hit.miss is read as a miss, not "
        + "as a hit with “ada.king0@analytical.example”. Mend the response, or the manifest’s "
        + "rules and jq."),
    Mutation(
      .finder, in: .fixtures, "  quota: {status: 402, json: {faults: [{code: 402}]}}\n", "",
      "fixtures/finder.yaml:11:1: error: no response shows the error “quota”. Add “quota:” "
        + "under “errors:”, as the provider writes it."),
    Mutation(
      .finder, in: .fixtures, "  credentials: {status: 401, json: {faults: [{code: 401}]}}\n", "",
      "fixtures/finder.yaml:11:1: error: no response shows the error “credentials”. Add "
        + "“credentials:” under “errors:”, as the provider writes it."),
    Mutation(
      .finder, in: .fixtures, "  work_email:", "  job_title:",
      "fixtures/finder.yaml:1:1: error: there are no fixtures for finds.work_email. Add "
        + "“work_email:” with its responses under “finds:”.",
      "fixtures/finder.yaml:2:3: error: the fixtures answer for job_title, which finder "
        + "does not offer. Leave them out."),
    Mutation(
      .verifier, in: .fixtures, "    catch_all: {status", "    valid.too: {status",
      "fixtures/judge.yaml:2:3: error: there is no response “catch_all” for "
        + "verifies.work_email. Add “catch_all:” with what the provider answers where it "
        + "judges a value like that.",
      "fixtures/judge.yaml:6:5: error: verifies.work_email.valid.too is read as the "
        + "verdict catch_all, not as the verdict valid. Mend the response, or the manifest’s "
        + "rules and jq."),
    Mutation(
      .verifier, "invalid: [bad, disposable]", "risky: [bad, disposable]",
      "fixtures/judge.yaml:2:3: error: there is no response “risky” for "
        + "verifies.work_email. Add “risky:” with what the provider answers where it judges a "
        + "value like that.",
      "fixtures/judge.yaml:4:5: error: verifies.work_email.invalid is read as the verdict "
        + "risky, not as the verdict invalid. Mend the response, or the manifest’s rules and "
        + "jq.",
      "fixtures/judge.yaml:5:5: error: verifies.work_email.invalid.disposable is read as "
        + "the verdict risky, not as the verdict invalid. Mend the response, or the manifest’s "
        + "rules and jq."),
    Mutation(
      .async, in: .fixtures, "    pending: {status: 200, json: {id: \"{job}\", state: working}}\n",
      "",
      "fixtures/poller.yaml:2:3: error: there is no response “pending” for "
        + "finds.mobile_phone. Add “pending:” with what the provider answers while it is still "
        + "at work."),
    Mutation(
      .async, in: .fixtures,
      "    submitted: {status: 202, json: {id: \"{job}\", state: working}}\n", "",
      "fixtures/poller.yaml:2:3: error: there is no response “submitted” for "
        + "finds.mobile_phone. Add “submitted:” with what the provider answers to a submission."),
    Mutation(
      .patient, in: .fixtures, "pending: {status: 202", "submitted: {status: 202",
      "fixtures/patient.yaml:2:3: error: there is no response “pending” for "
        + "finds.company_size. Add “pending:” with what the provider answers while it is still "
        + "at work.",
      "fixtures/patient.yaml:3:5: error: finds.company_size has a response “submitted”, "
        + "and the manifest does not poll. Leave the response out, or add “poll:” to the "
        + "manifest.",
      "fixtures/patient.yaml:3:5: error: finds.company_size.submitted is read as pending, "
        + "not as the job “730112”. Write {job} where the answer has it, or mend “job” in the "
        + "manifest."),
    Mutation(
      .positions, in: .fixtures,
      "    batch:\n      hit: {title: \"{value}\"}\n      miss: {title: \"\"}\n"
        + "      envelope: {status: 200, json: {people: \"{items}\"}}\n",
      "",
      "fixtures/lister.yaml:2:3: error: there are no fixtures for the batches of "
        + "finds.job_title. Add “batch:” with an “envelope:” and one item for each class."),
    Mutation(
      .positions, in: .fixtures, "      miss: {title: \"\"}\n", "",
      "fixtures/lister.yaml:5:5: error: there is no item “miss” for the batches of "
        + "finds.job_title. Add “miss:” with the item where it has none."),
  ]

  // MARK: The way to the answer

  private static let flows: [Mutation] = [
    Mutation(
      .async, "job: .id", "job: .ident",
      "fixtures/poller.yaml:3:5: error: finds.mobile_phone.submitted is read as the failure "
        + "malformed (it names neither a job nor an answer), not as the job “730112”. Write {job} where the answer has it, or mend “job” in the "
        + "manifest."),
    Mutation(
      .async, "job: .id", "job: '\"x\" + .id'",
      "fixtures/poller.yaml:3:5: error: finds.mobile_phone.submitted is read as the job "
        + "“x730112”, not as the job “730112”. Write {job} where the answer has it, or mend "
        + "“job” in the manifest."),
    Mutation(
      .async, "- {when: '.state == \"working\"', is: pending}",
      "- {when: .state == 7, is: pending}",
      "fixtures/poller.yaml:4:5: error: finds.mobile_phone.pending is read as a miss, not "
        + "as pending. Add a rule to the manifest that says “is: pending”."),
    Mutation(
      .finder, "path: /email-finder", "path: \"/find/{domain}\"",
      "finder.yaml:29:5: error: no request of finds.work_email can be made with the inputs "
        + "linkedin_url: its path needs domain. Write “requests:”, with one for each input set."),
    Mutation(
      .finder, "path: /email-finder", "path: /email finder",
      "finder.yaml:29:5: error: the URL of finds.work_email has characters that no URL can "
        + "have: https://api.finder.example/v2/email "
        + "finder?first_name=Ada&last_name=Lovelace&domain=analytical.example. Encode them as "
        + "%20 and the like."),
    Mutation(
      .patient, "every: 3s, most: 1m", "every: 3s, most: 2s",
      "patient.yaml:14:5: error: finds.company_size, asked with domain and answered by "
        + "“pending”, then “hit”, ends in an unknown outcome, not in a hit with “240”. Mend "
        + "its “poll”, “repeat” or rules."),
    Mutation(
      .async, "every: 5s\n        most: 3m", "every: 5s\n        most: 7s",
      "poller.yaml:17:5: error: finds.mobile_phone, asked with linkedin_url and answered "
        + "by “submitted”, then “pending”, then “hit”, ends in an unknown outcome, not in a "
        + "hit with “+447700900310”. Mend its “poll”, “repeat” or rules."),
  ]

  // MARK: Batches

  private static let batches: [Mutation] = [
    Mutation(
      .positions, "items: .people", "items: .persons",
      "fixtures/lister.yaml:6:7: error: finds.job_title.batch.hit, item 1 of 2, is read as "
        + "the failure malformed, not as a hit with “Countess of Computing 0”. Mend the item, "
        + "or “items” and “ref” in the manifest’s batch.",
      "fixtures/lister.yaml:7:7: error: finds.job_title.batch.miss, item 2 of 2, is read "
        + "as the failure malformed, not as a miss. Mend the item, or “items” and “ref” in the "
        + "manifest’s batch."),
    Mutation(
      .positions, "items: .people", "items: .people[1:]",
      "fixtures/lister.yaml:6:7: error: finds.job_title.batch.hit, item 1 of 2, is read as "
        + "a miss, not as a hit with “Countess of Computing 0”. Mend the item, or “items” and "
        + "“ref” in the manifest’s batch.",
      "fixtures/lister.yaml:7:7: error: finds.job_title.batch.miss, item 2 of 2, is read "
        + "as the failure malformed, not as a miss. Mend the item, or “items” and “ref” in the "
        + "manifest’s batch."),
    Mutation(
      .references, "ref: .ref\n", "ref: .reference\n",
      "fixtures/referrer.yaml:6:7: error: verifies.work_email.batch.valid, item 1 of 2, is "
        + "read as the failure malformed, not as the verdict valid. Mend the item, or “items” "
        + "and “ref” in the manifest’s batch.",
      "fixtures/referrer.yaml:7:7: error: verifies.work_email.batch.invalid, item 2 of 2, "
        + "is read as the failure malformed, not as the verdict invalid. Mend the item, or "
        + "“items” and “ref” in the manifest’s batch."),
    Mutation(
      .references, in: .fixtures, "valid: {ref: \"{item}\", state: good}",
      "valid: {ref: \"{item}\", state: bad}",
      "fixtures/referrer.yaml:6:7: error: verifies.work_email.batch.valid, item 1 of 2, is "
        + "read as the verdict invalid, not as the verdict valid. Mend the item, or “items” "
        + "and “ref” in the manifest’s batch."),
    Mutation(
      .references, in: .fixtures, "results: \"{items}\"", "results: \"none\"",
      "fixtures/referrer.yaml:6:7: error: verifies.work_email.batch.valid, item 1 of 2, is "
        + "read as the failure malformed, not as the verdict valid. Mend the item, or “items” "
        + "and “ref” in the manifest’s batch.",
      "fixtures/referrer.yaml:7:7: error: verifies.work_email.batch.invalid, item 2 of 2, "
        + "is read as the failure malformed, not as the verdict invalid. Mend the item, or "
        + "“items” and “ref” in the manifest’s batch."),
  ]
}
