import Testing
import WaterfallCore
import WaterfallReports

@Suite struct RunInfoTests {
  @Test func textShowsEveryColumnAndProvider() throws {
    let run = try Fixtures.run(.paused, note: "out of credits at row 101")
    #expect(
      TextRunInfo().text(of: Fixtures.info(run)) == #"""
        Run 7, SIMULATED: paused
          simulated  no provider was asked and no real credits were charged
          seed       42
          why        out of credits at row 101
          sheet      people.csv → people.out.csv
          rows       100
          started    2026-03-01T12:30:00Z
          ended      2026-03-01T12:31:01Z

        column      cells  filled  empty  failed  skipped  coverage  charged  refunded  net  saved  cost/fill
        work_email    100      60     25       5       10    66.67%      149        18  131     45   2.183333
        domain          0       0      0       0        0         –        0         0    0      0          –
        total         100      60     25       5       10    66.67%      149        18  131     45   2.183333

        work_email (work_email)
          provider  key      asked  hits  valid  rejected  misses  failed  unknown  cached  hit rate  valid rate
          hunter    managed     88    60     51         9      22       5        1       2    68.18%      85.00%
          prospeo   managed      0     0      0         0       0       0        0       0         –           –
          apollo    own         37     9      9         0      28       0        0       0    24.32%     100.00%
          apollo    managed      0     0      0         0       0       0        0       0         –           –

          provider      key      asked  valid  invalid  risky  could not tell  no verdict  failed  unknown  cached
          + zerobounce  managed     60     51        4      2               1           2       0        0       0

          provider      key      charged  refunded  net  saved  overrun  cost/fill  provider $  p50 ms  p95 ms
          hunter        managed      120        18  102      0     0.25          2        2.45     220     422
          + zerobounce  managed       29         0   29      0        0          –           0     1.5     2.9
          prospeo       managed        0         0    0      0        0          –           0       –       –
          apollo        own            0         0    0     45        0          0           0       –       –
          apollo        managed        0         0    0      0        0          –           0       –       –

          who             what      why                                     times
          whole cells     skipped   the row lacks an input that it needs        8
          whole cells     skipped   the sheet already has a value               2
          hunter managed  rejected  it was judged invalid                       2
          hunter managed  rejected  it does not exist                           4
          hunter managed  rejected  its domain accepts mail for every name      3
          hunter managed  failed    it was unavailable                          3
          hunter managed  failed    its rate limit was exhausted                2
          apollo own      skipped   the row lacks an input that it needs        4

        domain (company_domain)
          provider  key      asked  hits  valid  rejected  misses  failed  unknown  cached  hit rate  valid rate
          clearbit  managed      0     0      0         0       0       0        0       0         –           –

          provider  key      charged  refunded  net  saved  overrun  cost/fill  provider $  p50 ms  p95 ms
          clearbit  managed        0         0    0      0        0          –           0       –       –

        Amounts are credits. net = charged − refunded. coverage = filled ÷ cells not skipped.
        hit rate = hits ÷ asked. valid = accepted hits, rejected = the others; valid rate = valid ÷ hits.
        cost/fill = net ÷ filled; for a provider, net ÷ valid.
        The run is not done: what was asked for rows under way counts, their cells do not.
        + marks a verifier: how often it said what. A verdict that its manifest lists as
        free, such as “could not tell”, is not charged.
        cached = answered by an earlier attempt with the same question, at no charge.
        own = your own key: 0 credits; saved = what a managed key would have cost net.
        overrun = what providers cost beyond their price; you were not charged for it.

        """#)
  }

  @Test func jsonHasTheAgreedKeys() throws {
    let info = Fixtures.info(try Fixtures.run())
    #expect(
      JSONRunInfo().text(of: info) == #"""
        {
          "schema": "waterfall.run-info/1",
          "run": {
            "id": 7,
            "state": "done",
            "simulated": true,
            "rows": 100,
            "started": "2026-03-01T12:30:00Z",
            "ended": "2026-03-01T12:31:01Z",
            "seed": 42,
            "command": "enrich",
            "note": null,
            "sheet": "people.csv",
            "output": "people.out.csv"
          },
          "totals": {
            "cells": 100,
            "eligible": 90,
            "filled": 60,
            "empty": 25,
            "failed": 5,
            "skipped": {
              "missing_input": 8,
              "already_filled": 2
            },
            "attempts": 185,
            "own_key_attempts": 37,
            "cached": 2,
            "charged": 149,
            "refunded": 18,
            "net": 131,
            "saved": 45,
            "overrun": 0.25,
            "money": 2.45,
            "cost_per_fill": 2.183333,
            "coverage": 0.6667
          },
          "columns": [
            {
              "column": "work_email",
              "field": "work_email",
              "cells": 100,
              "eligible": 90,
              "filled": 60,
              "empty": 25,
              "failed": 5,
              "skipped": {
                "missing_input": 8,
                "already_filled": 2
              },
              "attempts": 185,
              "own_key_attempts": 37,
              "cached": 2,
              "charged": 149,
              "refunded": 18,
              "net": 131,
              "saved": 45,
              "overrun": 0.25,
              "money": 2.45,
              "cost_per_fill": 2.183333,
              "coverage": 0.6667,
              "verifiers": {
                "attempts": 60,
                "charged": 29,
                "refunded": 0,
                "net": 29
              },
              "providers": [
                {
                  "provider": "hunter",
                  "key": "managed",
                  "role": "finder",
                  "steps": [
                    1
                  ],
                  "attempts": 88,
                  "hits": 60,
                  "valid": 51,
                  "invalid": 9,
                  "misses": 22,
                  "failures": {
                    "unavailable": 3,
                    "rate_limited": 2
                  },
                  "unknown": 1,
                  "cached": 2,
                  "skipped": {},
                  "charged": 120,
                  "refunded": 18,
                  "net": 102,
                  "saved": 0,
                  "overrun": 0.25,
                  "money": 2.45,
                  "cost_per_fill": 2,
                  "hit_rate": 0.6818,
                  "valid_rate": 0.85,
                  "latency_ms": {
                    "p50": 220.159,
                    "p95": 421.887
                  },
                  "verdicts": {
                    "valid": 51,
                    "invalid": 6,
                    "risky": 3
                  },
                  "rejected": {
                    "invalid": 2,
                    "does_not_exist": 4,
                    "catch_all": 3
                  }
                },
                {
                  "provider": "zerobounce",
                  "key": "managed",
                  "role": "verifier",
                  "steps": [
                    1,
                    2
                  ],
                  "attempts": 60,
                  "hits": 58,
                  "valid": 51,
                  "invalid": 7,
                  "misses": 2,
                  "failures": {},
                  "unknown": 0,
                  "cached": 0,
                  "skipped": {},
                  "charged": 29,
                  "refunded": 0,
                  "net": 29,
                  "saved": 0,
                  "overrun": 0,
                  "money": 0,
                  "cost_per_fill": null,
                  "hit_rate": 0.9667,
                  "valid_rate": 0.8793,
                  "latency_ms": {
                    "p50": 1.503,
                    "p95": 2.863
                  },
                  "verdicts": {
                    "valid": 51,
                    "invalid": 4,
                    "risky": 2,
                    "unverified": 1
                  },
                  "rejected": {}
                },
                {
                  "provider": "prospeo",
                  "key": "managed",
                  "role": "finder",
                  "steps": [
                    2
                  ],
                  "attempts": 0,
                  "hits": 0,
                  "valid": 0,
                  "invalid": 0,
                  "misses": 0,
                  "failures": {},
                  "unknown": 0,
                  "cached": 0,
                  "skipped": {},
                  "charged": 0,
                  "refunded": 0,
                  "net": 0,
                  "saved": 0,
                  "overrun": 0,
                  "money": 0,
                  "cost_per_fill": null,
                  "hit_rate": null,
                  "valid_rate": null,
                  "latency_ms": {
                    "p50": null,
                    "p95": null
                  },
                  "verdicts": {},
                  "rejected": {}
                },
                {
                  "provider": "apollo",
                  "key": "own",
                  "role": "finder",
                  "steps": [
                    3
                  ],
                  "attempts": 37,
                  "hits": 9,
                  "valid": 9,
                  "invalid": 0,
                  "misses": 28,
                  "failures": {},
                  "unknown": 0,
                  "cached": 0,
                  "skipped": {
                    "missing_input": 4
                  },
                  "charged": 0,
                  "refunded": 0,
                  "net": 0,
                  "saved": 45,
                  "overrun": 0,
                  "money": 0,
                  "cost_per_fill": 0,
                  "hit_rate": 0.2432,
                  "valid_rate": 1,
                  "latency_ms": {
                    "p50": null,
                    "p95": null
                  },
                  "verdicts": {
                    "valid": 9
                  },
                  "rejected": {}
                },
                {
                  "provider": "apollo",
                  "key": "managed",
                  "role": "finder",
                  "steps": [],
                  "attempts": 0,
                  "hits": 0,
                  "valid": 0,
                  "invalid": 0,
                  "misses": 0,
                  "failures": {},
                  "unknown": 0,
                  "cached": 0,
                  "skipped": {},
                  "charged": 0,
                  "refunded": 0,
                  "net": 0,
                  "saved": 0,
                  "overrun": 0,
                  "money": 0,
                  "cost_per_fill": null,
                  "hit_rate": null,
                  "valid_rate": null,
                  "latency_ms": {
                    "p50": null,
                    "p95": null
                  },
                  "verdicts": {},
                  "rejected": {}
                }
              ]
            },
            {
              "column": "domain",
              "field": "company_domain",
              "cells": 0,
              "eligible": 0,
              "filled": 0,
              "empty": 0,
              "failed": 0,
              "skipped": {},
              "attempts": 0,
              "own_key_attempts": 0,
              "cached": 0,
              "charged": 0,
              "refunded": 0,
              "net": 0,
              "saved": 0,
              "overrun": 0,
              "money": 0,
              "cost_per_fill": null,
              "coverage": null,
              "verifiers": {
                "attempts": 0,
                "charged": 0,
                "refunded": 0,
                "net": 0
              },
              "providers": [
                {
                  "provider": "clearbit",
                  "key": "managed",
                  "role": "finder",
                  "steps": [
                    1
                  ],
                  "attempts": 0,
                  "hits": 0,
                  "valid": 0,
                  "invalid": 0,
                  "misses": 0,
                  "failures": {},
                  "unknown": 0,
                  "cached": 0,
                  "skipped": {},
                  "charged": 0,
                  "refunded": 0,
                  "net": 0,
                  "saved": 0,
                  "overrun": 0,
                  "money": 0,
                  "cost_per_fill": null,
                  "hit_rate": null,
                  "valid_rate": null,
                  "latency_ms": {
                    "p50": null,
                    "p95": null
                  },
                  "verdicts": {},
                  "rejected": {}
                }
              ]
            }
          ]
        }

        """#)
  }

  /// Whose key a table of the user's own is asked with means nothing; JSON keeps its two words.
  @Test func whatHasNoPriceIsFree() throws {
    func step(_ provider: String, _ price: Int64, _ step: Int32, _ key: KeySource = .managed)
      -> RunOutline.Step
    {
      .init(
        step: step, role: .finder, provider: ProviderID(provider), keySource: key,
        price: Credits(price))
    }
    let outline = RunOutline(columns: [
      .init(
        name: "work_email", field: .workEmail,
        steps: [step("crm", 0, 0), step("hunter", 1, 1), step("apollo", 0, 2, .own)])
    ])
    let info = RunInfo(run: try Fixtures.run(outline: outline), tallies: RunTallies())
    let text = TextRunInfo().text(of: info)
    #expect(text.contains("\n  crm       free         0 "))
    #expect(text.contains("\n  hunter    managed      0 "))
    #expect(text.contains("\n  apollo    own          0 "))
    #expect(!JSONRunInfo().text(of: info).contains("free"))
  }

  @Test func inputsThatWereLackingAreNamed() throws {
    var info = Fixtures.info(try Fixtures.run())
    info.needs = InputNeeds(columns: [
      .init(
        steps: [[[.firstName, .domain]], [[.email]], [[.phone]]],
        available: [.firstName, .domain, .email])
    ])
    let text = TextRunInfo().text(of: info)
    #expect(
      text.contains(
        "the row lacks first_name + domain, or email      8\n"))
    #expect(text.contains("apollo own      skipped   the sheet has no phone        "))
  }

  @Test func textFitsInto120Columns() throws {
    let text = TextRunInfo().text(of: Fixtures.info(try Fixtures.run()))
    #expect(text.split(separator: "\n").allSatisfy { $0.count <= 120 })
  }

  @Test func aRealRunIsNotCalledSimulated() throws {
    let text = TextRunInfo().text(of: Fixtures.info(try Fixtures.run(simulated: false)))
    #expect(!text.lowercased().contains("simulated"))
    #expect(text.hasPrefix("Run 7: done\n"))
  }

  @Test(arguments: RunRecord.State.allCases)
  func everyStateIsShown(state: RunRecord.State) throws {
    let text = TextRunInfo().text(of: Fixtures.info(try Fixtures.run(state, simulated: false)))
    #expect(text.hasPrefix("Run 7: \(state.rawValue)\n"))
    #expect(text.contains("ended      –") == (state == .running))
    #expect(text.contains("rows under way counts, their cells do not.") == (state != .done))
  }

  @Test func huge() throws {
    var tally = ColumnTally()
    tally.filled = 3
    tally.providers[Fixtures.key("hunter")] = ProviderTally()
    tally.providers[Fixtures.key("hunter")]?.charged = Credits(micro: .max)
    tally.providers[Fixtures.key("prospeo")] = ProviderTally()
    tally.providers[Fixtures.key("prospeo")]?.charged = Credits(micro: .max)
    var tallies = RunTallies()
    tallies.columns[0] = tally
    let info = RunInfo(run: try Fixtures.run(), tallies: tallies)
    let json = JSONRunInfo().text(of: info)
    #expect(json.contains("\"charged\": 18446744073709.551614,"))
    #expect(json.contains("\"cost_per_fill\": 6148914691236.517205,"))
    #expect(TextRunInfo().text(of: info).contains("18446744073709.551614"))
  }

  @Test func allSkippedHasNoCoverageAndNoCost() throws {
    var tallies = RunTallies()
    tallies.add(SkipRange(column: 0, reason: .condition, firstRow: 1, lastRow: 100))
    let info = RunInfo(run: try Fixtures.run(), tallies: tallies)
    let json = JSONRunInfo().text(of: info)
    #expect(json.contains("\"skipped\": {\n      \"condition_false\": 100\n    },"))
    #expect(json.contains("\"coverage\": null"))
    #expect(!json.contains("\"coverage\": 0"))
    #expect(TextRunInfo().text(of: info).contains("the condition is false for this row    100"))
  }

  @Test func hostileNamesAreMadeVisible() throws {
    let outline = RunOutline(columns: [
      .init(name: "a\u{1B}[2J\n,\"b\u{202E}", field: .workEmail, steps: [])
    ])
    let run = try Fixtures.run(outline: outline, sheet: "x\u{9B}31m\u{7F}.csv")
    let info = RunInfo(run: run, tallies: RunTallies())
    for format in RunInfoFormats.all {
      let text = format.text(of: info)
      let raw = text.unicodeScalars.filter { $0 != "\n" }
      #expect(!raw.contains { $0.properties.generalCategory == .control || $0 == "\u{202E}" })
    }
    #expect(TextRunInfo().text(of: info).contains("a\\u{1b}[2J\\n,\"b\\u{202e} (work_email)"))
    #expect(JSONRunInfo().text(of: info).contains(#""a\u001b[2J\n,\"b\u202e""#))
  }

  @Test func formatsAreFoundByName() throws {
    #expect(try RunInfoFormats.named("json").name == "json")
    let error = #expect(throws: UserError.self) { try RunInfoFormats.named("jsno") }
    #expect(error?.remedy == "Did you mean json?")
  }
}
