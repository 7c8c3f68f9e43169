import Testing
import WaterfallCore
import WaterfallReports

@Suite struct ExplanationTests {
  @Test func textFollowsEveryCredit() throws {
    #expect(
      try RowFixtures.explain().text == #"""
        Row 12 (line 13), column work_email: filled by prospeo with m.cantwell@senate.example, 4 credits net (charged 6, refunded 2).
          1. hunter was asked: hold 2 (entry 41). It returned m.c@nowhere.example; rejected because it does not exist. Captured 2 (entry 42), refunded 2 (entry 45). Net 0.
             zerobounce was asked to verify m.c@nowhere.example: hold 0.5 (entry 43). It said: invalid, because it does not exist. Captured 0.5 (entry 44). Net 0.5.
          2. prospeo was asked: hold 3 (entries 46, 47). It returned m.cantwell@senate.example; accepted as valid. Captured 3 (entries 48, 50). Net 3.
             zerobounce was asked to verify m.cantwell@senate.example: hold 0.5 (entry 49). It said: valid. Captured 0.5 (entry 51). Net 0.5.

        Row 12 (line 13), column domain: not asked, because the sheet already has a value; 0 credits.

        Ledger
          entry  time                  what     from       to         credits  lot  note
             41  2026-03-01T12:30:00Z  hold     available  held             2    1
             42  2026-03-01T12:30:00Z  capture  held       spent            2    1
             43  2026-03-01T12:30:00Z  hold     available  held           0.5    1
             44  2026-03-01T12:30:00Z  capture  held       spent          0.5    1
             45  2026-03-01T12:30:00Z  refund   spent      available        2    1
             46  2026-03-01T12:30:00Z  hold     available  held             1    1
             47  2026-03-01T12:30:00Z  hold     available  held             2    2
             48  2026-03-01T12:30:00Z  capture  held       spent            1    1
             49  2026-03-01T12:30:00Z  hold     available  held           0.5    2
             50  2026-03-01T12:30:00Z  capture  held       spent            2    2
             51  2026-03-01T12:30:00Z  capture  held       spent          0.5    2

        """#)
  }

  @Test func jsonFollowsEveryCredit() throws {
    #expect(
      try RowFixtures.explain(column: 0).json.text() + "\n" == #"""
        {
          "schema": "waterfall.explain/1",
          "run": 7,
          "simulated": false,
          "row": 12,
          "line": 13,
          "cells": [
            {
              "column": "work_email",
              "field": "work_email",
              "state": "filled",
              "skipped": null,
              "provider": "prospeo",
              "value": "m.cantwell@senate.example",
              "charged": 6,
              "refunded": 2,
              "net": 4,
              "saved": 0,
              "attempts": [
                {
                  "step": 1,
                  "role": "finder",
                  "provider": "hunter",
                  "key": "managed",
                  "kind": "asked",
                  "skipped": null,
                  "shared_with": null,
                  "outcome": "hit",
                  "failure": null,
                  "value": "m.c@nowhere.example",
                  "verdict": "invalid",
                  "verdict_reason": "does_not_exist",
                  "accepted": false,
                  "price": 2,
                  "charged": 2,
                  "refunded": 2,
                  "net": 0,
                  "saved": 0,
                  "overrun": 0,
                  "money": null,
                  "latency_ms": 428.031,
                  "exchanges": 1,
                  "entries": [
                    {
                      "seq": 41,
                      "time": "2026-03-01T12:30:00Z",
                      "kind": "hold",
                      "from": "available",
                      "to": "held",
                      "amount": 2,
                      "lot": 1,
                      "note": null
                    },
                    {
                      "seq": 42,
                      "time": "2026-03-01T12:30:00Z",
                      "kind": "capture",
                      "from": "held",
                      "to": "spent",
                      "amount": 2,
                      "lot": 1,
                      "note": null
                    },
                    {
                      "seq": 45,
                      "time": "2026-03-01T12:30:00Z",
                      "kind": "refund",
                      "from": "spent",
                      "to": "available",
                      "amount": 2,
                      "lot": 1,
                      "note": null
                    }
                  ],
                  "inputs": null,
                  "input_values": null,
                  "why_skipped": null
                },
                {
                  "step": 1,
                  "role": "verifier",
                  "provider": "zerobounce",
                  "key": "managed",
                  "kind": "asked",
                  "skipped": null,
                  "shared_with": null,
                  "outcome": "hit",
                  "failure": null,
                  "value": "m.c@nowhere.example",
                  "verdict": "invalid",
                  "verdict_reason": "does_not_exist",
                  "accepted": false,
                  "price": 0.5,
                  "charged": 0.5,
                  "refunded": 0,
                  "net": 0.5,
                  "saved": 0,
                  "overrun": 0,
                  "money": null,
                  "latency_ms": 90,
                  "exchanges": 1,
                  "entries": [
                    {
                      "seq": 43,
                      "time": "2026-03-01T12:30:00Z",
                      "kind": "hold",
                      "from": "available",
                      "to": "held",
                      "amount": 0.5,
                      "lot": 1,
                      "note": null
                    },
                    {
                      "seq": 44,
                      "time": "2026-03-01T12:30:00Z",
                      "kind": "capture",
                      "from": "held",
                      "to": "spent",
                      "amount": 0.5,
                      "lot": 1,
                      "note": null
                    }
                  ],
                  "inputs": null,
                  "input_values": null,
                  "why_skipped": null
                },
                {
                  "step": 2,
                  "role": "finder",
                  "provider": "prospeo",
                  "key": "managed",
                  "kind": "asked",
                  "skipped": null,
                  "shared_with": null,
                  "outcome": "hit",
                  "failure": null,
                  "value": "m.cantwell@senate.example",
                  "verdict": "valid",
                  "verdict_reason": null,
                  "accepted": true,
                  "price": 3,
                  "charged": 3,
                  "refunded": 0,
                  "net": 3,
                  "saved": 0,
                  "overrun": 0,
                  "money": null,
                  "latency_ms": 612,
                  "exchanges": 1,
                  "entries": [
                    {
                      "seq": 46,
                      "time": "2026-03-01T12:30:00Z",
                      "kind": "hold",
                      "from": "available",
                      "to": "held",
                      "amount": 1,
                      "lot": 1,
                      "note": null
                    },
                    {
                      "seq": 47,
                      "time": "2026-03-01T12:30:00Z",
                      "kind": "hold",
                      "from": "available",
                      "to": "held",
                      "amount": 2,
                      "lot": 2,
                      "note": null
                    },
                    {
                      "seq": 48,
                      "time": "2026-03-01T12:30:00Z",
                      "kind": "capture",
                      "from": "held",
                      "to": "spent",
                      "amount": 1,
                      "lot": 1,
                      "note": null
                    },
                    {
                      "seq": 50,
                      "time": "2026-03-01T12:30:00Z",
                      "kind": "capture",
                      "from": "held",
                      "to": "spent",
                      "amount": 2,
                      "lot": 2,
                      "note": null
                    }
                  ],
                  "inputs": null,
                  "input_values": null,
                  "why_skipped": null
                },
                {
                  "step": 2,
                  "role": "verifier",
                  "provider": "zerobounce",
                  "key": "managed",
                  "kind": "asked",
                  "skipped": null,
                  "shared_with": null,
                  "outcome": "hit",
                  "failure": null,
                  "value": "m.cantwell@senate.example",
                  "verdict": "valid",
                  "verdict_reason": null,
                  "accepted": false,
                  "price": 0.5,
                  "charged": 0.5,
                  "refunded": 0,
                  "net": 0.5,
                  "saved": 0,
                  "overrun": 0,
                  "money": null,
                  "latency_ms": 80,
                  "exchanges": 1,
                  "entries": [
                    {
                      "seq": 49,
                      "time": "2026-03-01T12:30:00Z",
                      "kind": "hold",
                      "from": "available",
                      "to": "held",
                      "amount": 0.5,
                      "lot": 2,
                      "note": null
                    },
                    {
                      "seq": 51,
                      "time": "2026-03-01T12:30:00Z",
                      "kind": "capture",
                      "from": "held",
                      "to": "spent",
                      "amount": 0.5,
                      "lot": 2,
                      "note": null
                    }
                  ],
                  "inputs": null,
                  "input_values": null,
                  "why_skipped": null
                }
              ]
            }
          ],
          "other_entries": []
        }

        """#)
  }

  private func text(
    _ attempts: [AttemptRecord], _ entries: [Explanation.TimedEntry] = [],
    state: RunRecord.State = .done, row: Int64 = 12, simulated: Bool = false
  ) throws -> String {
    try RowFixtures.explain(
      attempts: attempts, entries: entries, skips: [:], column: 0, simulated: simulated,
      state: state, row: row
    ).text
  }

  private func attempt(
    _ kind: AttemptRecord.Kind, step: Int32 = 0, key: KeySource = .managed,
    verdict: Verdict? = nil, accepted: Bool = false, saved: Credits = .zero,
    overrun: Credits = .zero, exchanges: Int32 = 1, captured: Credits = .zero
  ) -> AttemptRecord {
    AttemptRecord(
      id: RowFixtures.id(step), provider: ProviderID("hunter"), kind: kind, keySource: key,
      verdict: verdict, isAccepted: accepted, exchanges: exchanges, price: Credits(2),
      captured: captured, overrun: overrun, saved: saved, opening: 41)
  }

  @Test func aMissIsVoided() throws {
    let text = try text(
      [attempt(.asked(.miss))],
      [
        RowFixtures.entry(41, .hold, 2_000_000, attempt: RowFixtures.id(0)),
        RowFixtures.entry(42, .void, 2_000_000, opening: 41),
      ])
    #expect(
      text.contains("empty – everyone was asked, and nobody had an accepted value; 0 credits."))
    #expect(
      text.contains(
        "1. hunter was asked: hold 2 (entry 41). It had no value. Voided 2 (entry 42). Net 0."))
  }

  @Test func aFailureNamesItsReasonAndTries() throws {
    let text = try text([attempt(.asked(.failure(.unavailable)), exchanges: 3)])
    #expect(text.contains("failed – nobody who was asked could answer; 0 credits."))
    #expect(
      text.contains("It gave no usable answer: it was unavailable, after 3 exchanges. Net 0."))
    #expect(text.contains("No credits moved."))
  }

  @Test(arguments: [SkipReason.rowBudget, .condition, .providerOff, .missingInput])
  func whoWasPassedOverWasNotAsked(reason: SkipReason) throws {
    let steps = [attempt(.asked(.miss)), attempt(.skipped(reason), step: 1)]
    #expect(
      try text(steps).contains(
        "empty – nobody who was asked had an accepted value; 1 of 2 providers was passed over; "
          + "0 credits."))
    #expect(
      try text(steps + [attempt(.skipped(reason), step: 2)]).contains(
        "nobody who was asked had an accepted value; 2 of 3 providers were passed over; 0 credits.")
    )
    let failed = [attempt(.asked(.failure(.quota))), attempt(.skipped(reason), step: 1)]
    #expect(
      try text(failed).contains(
        "failed – nobody who was asked could answer; 1 of 2 providers was passed over; 0 credits."))
  }

  private static let needs = InputNeeds(columns: [
    .init(
      steps: [[[.firstName, .domain], [.email]], [[.linkedinURL]]],
      available: [.firstName, .domain, .email, .linkedinURL])
  ])

  private static let names: [InputName] = [.firstName, .domain, .email, .linkedinURL]

  private func told(
    _ values: [String], showsValues: Bool = false, lost: String? = nil
  ) throws -> Explanation {
    var sheet = Explanation.Sheet()
    sheet.line = 14
    sheet.inputs = values.isEmpty ? [] : [Inputs(names: Self.names, values: values)]
    sheet.showsValues = showsValues
    sheet.lost = lost
    let own = attempt(.asked(.miss), key: .own)
    let hold = RowFixtures.entry(41, .hold, 2_000_000, attempt: RowFixtures.id(0))
    let attempts = [
      [attempt(.asked(.miss)), attempt(.skipped(.missingInput), step: 1)],
      [own, attempt(.skipped(.condition), step: 1)],
    ][showsValues ? 1 : 0]
    return try RowFixtures.explain(
      attempts: attempts, entries: showsValues ? [] : [hold], skips: [:], column: 0,
      needs: Self.needs, sheet: sheet)
  }

  @Test func whatProvidersWereSentIsNamed() throws {
    let names = try told(["Ada", "acme.com", "", ""])
    #expect(names.text.contains("Row 12 (line 14), column work_email: empty"))
    #expect(names.text.contains("1. hunter was asked with first_name, domain: hold 2 (entry 41)."))
    #expect(names.text.contains("2. hunter was passed over: the row has no linkedin_url."))
    #expect(!names.text.contains("acme.com") && !names.json.text().contains("acme.com"))
    #expect(names.json.text(.compact).contains(#""inputs":["first_name","domain"]"#))
    #expect(names.json.text(.compact).contains(#""input_values":null"#))
    #expect(names.json.text(.compact).contains(#""why_skipped":"the row has no linkedin_url""#))
    let email = try told(["Ada", "", "ada@acme.com", "x"])
    #expect(email.text.contains("1. hunter was asked with email: hold 2"))
  }

  @Test func valuesAreShownOnlyOnRequest() throws {
    let values = try told(["A\u{1B}da", "acme.com", "", ""], showsValues: true)
    #expect(
      values.text.contains(
        "1. hunter was asked with first_name “A\\u{1b}da”, domain “acme.com” and your own key: 0 "
          + "credits."))
    #expect(values.text.contains("2. hunter was passed over: the condition is false for this row."))
    #expect(
      values.json.text(.compact)
        .contains(#""input_values":{"first_name":"A\u001bda","domain":"acme.com"}"#))
  }

  @Test func aSheetThatIsLostIsSaid() throws {
    let lost = try told([], lost: "has changed since")
    #expect(
      lost.text.contains(
        "\n\nWhat providers were sent cannot be told: the sheet has changed since."))
    #expect(lost.text.contains("1. hunter was asked: hold 2 (entry 41)."))
    #expect(
      lost.text.contains(
        "passed over: the row lacks linkedin_url."))
  }

  @Test func anOwnKeyCostsNothingAndSaves() throws {
    let text = try text(
      [
        attempt(
          .asked(.hit("x@y.example")), key: .own, verdict: .valid, accepted: true,
          saved: Credits(2))
      ], [RowFixtures.entry(41, .zero, 0, lot: 0, attempt: RowFixtures.id(0))])
    #expect(text.contains("filled by hunter with x@y.example, 0 credits, 2 saved."))
    #expect(
      text.contains("hunter was asked with your own key: 0 credits, 2 saved (entry 41)."))
    #expect(text.contains("zero  own_key  own_key        0    –"))
  }

  @Test func aSharedAnswerNamesWhoWasAsked() throws {
    let other = AttemptID(
      cell: CellID(run: RunID(7), row: 3, column: 0), step: 0, role: .finder)
    let text = try text([
      attempt(.shared(.hit("x@y.example"), with: other), verdict: .valid, accepted: true)
    ])
    #expect(
      text.contains(
        "hunter was not asked again: the same question was asked for row 3, column work_email, "
          + "step 1. It returned x@y.example; accepted as valid. 0 credits."))
  }

  @Test func skippedStepsAndUnfinishedCells() throws {
    let skipped = attempt(.skipped(.rowBudget))
    #expect(
      try text([skipped]).contains(
        "1. hunter was passed over: the step costs more than the row’s budget "
          + "(--max-credits-per-row) has left."))
    #expect(try text([skipped]).contains("not asked, because every step was passed over"))
    let miss = attempt(.asked(.miss))
    #expect(try text([miss], state: .paused, row: 101).contains("not finished; 0 credits so far."))
    #expect(try text([miss], state: .paused, row: 100).contains("empty –"))
    #expect(try text([], state: .paused, row: 101).contains("not asked yet; 0 credits."))
  }

  @Test func unknownAndOpen() throws {
    let text = try text(
      [attempt(.asked(.unknown))],
      [RowFixtures.entry(41, .hold, 2_000_000, attempt: RowFixtures.id(0))])
    #expect(
      text.contains("whether it did the work is not known. The hold is still open. Net 0."))
  }

  @Test func aLateBounceIsPartOfTheWay() throws {
    let text = try text(
      [attempt(.asked(.hit("x")), verdict: .valid, accepted: true, captured: Credits(2))],
      [
        RowFixtures.entry(41, .hold, 2_000_000, attempt: RowFixtures.id(0)),
        RowFixtures.entry(42, .capture, 2_000_000, opening: 41),
        RowFixtures.entry(90, .refund, 2_000_000, opening: 41, note: "bounced"),
      ])
    #expect(text.contains("0 credits net (charged 2, refunded 2)."))
    #expect(text.contains("refunded 2 (entry 90). Net 0.\n"))
    #expect(!text.contains("credits verify"))
  }

  @Test func aDisagreementIsSaid() throws {
    let text = try text(
      [attempt(.asked(.hit("x")), verdict: .valid, accepted: true, captured: Credits(1))],
      [
        RowFixtures.entry(41, .hold, 2_000_000, attempt: RowFixtures.id(0)),
        RowFixtures.entry(42, .capture, 2_000_000, opening: 41),
      ])
    #expect(
      text.contains("The journal says captured 1, refunded 0: run `waterfall credits verify`."))
  }

  @Test func overrunsRiskyVerdictsHostileAndLongValues() throws {
    let long = String(repeating: "é", count: 10_000)
    let text = try text(
      [
        attempt(
          .asked(.hit("\u{1B}]0;x\u{07}" + long)), verdict: Verdict(.risky, .catchAll),
          accepted: true, overrun: Credits(micro: 1))
      ], simulated: true)
    #expect(text.hasPrefix("Run 7 is simulated: no provider was asked"))
    #expect(text.contains("\\u{1b}]0;x\\u{7}\(long)"))
    #expect(text.contains("accepted, though risky because its domain accepts mail for every name."))
    #expect(text.contains("It cost 0.000001 more than its price; you were not charged that."))
    #expect(!text.unicodeScalars.contains("\u{1B}"))
  }

  @Test func entriesOfNoAttemptAreShownAsWell() throws {
    let stray = RowFixtures.entry(99, .refund, 1, opening: 77, note: "by hand")
    let explanation = try RowFixtures.explain(entries: RowFixtures.entries + [stray])
    #expect(explanation.text.contains("99  2026-03-01T12:30:00Z  refund"))
    #expect(explanation.json.text(.compact).contains(#""other_entries":[{"seq":99"#))
  }
}
