import Testing
import WaterfallCore
import WaterfallReports

@Suite struct PlanningReportTests {
  @Test func benchAsText() throws {
    #expect(
      try ReportFixtures.bench().text == #"""
        Benchmark 7, SIMULATED: done
          simulated  no provider was asked and no real credits were charged
          seed       42
          sheet      people.csv → people.out.csv
          rows       100
          started    2026-03-01T12:30:00Z
          ended      2026-03-01T12:31:01Z
          field      work_email

        provider  asked  hits  hit rate       interval  valid  valid rate       interval  misses  failed  unknown
        hunter      125    69    55.20%  57.88%–77.04%     60      86.96%  73.89%–91.90%      50       5        1
        prospeo       0     0         –              –      0           –              –       0       0        0

        provider  key      charged  net  saved  cost/hit  cost/valid  $/valid  p50 ms  p95 ms
        hunter    managed      149  131     45  1.898551    2.183333        –     220     422
        prospeo   managed        0    0      0         –           –        –       –       –

        provider  cached  rows hit  rows valid  unique hits  unique valid
        hunter         2        62          51           62            51
        prospeo        0         0           0            0             0

        both    and      hits  valid
        hunter  prospeo     0      0

        any provider: a value for 68.89% of 90 rows, a valid one for 56.67%.
        Of these, hunter returned most valid values (60); hunter cost least per valid value (2.183333 credits).

        Providers stand by their cost per valid value, then by their valid rate.
        hit rate = hits ÷ asked, valid rate = valid ÷ hits, each with its 95% Wilson interval.
        rows hit, rows valid = rows for which it had a value, or a valid one; unique = those for which nobody else had.
        cached = answered by an identical question of an earlier row, at no charge: it counts for rows, not for rates.
        Amounts are credits; they include what verifiers were charged.

        """#)
  }

  @Test func benchAsJSON() throws {
    #expect(
      try ReportFixtures.bench().json.text() + "\n" == #"""
        {
          "schema": "waterfall.bench/1",
          "run": {
            "id": 7,
            "state": "done",
            "simulated": true,
            "rows": 100,
            "started": "2026-03-01T12:30:00Z",
            "ended": "2026-03-01T12:31:01Z",
            "seed": 42,
            "command": "bench",
            "note": null,
            "sheet": "people.csv",
            "output": "people.out.csv"
          },
          "simulated": true,
          "sheet": "people.csv",
          "field": "work_email",
          "rows": 90,
          "seed": 42,
          "any_provider": {
            "rows_with_hit": 62,
            "rows_with_valid": 51,
            "hit_coverage": 0.6889,
            "coverage": 0.5667
          },
          "providers": [
            {
              "provider": "hunter",
              "key": "managed",
              "attempts": 125,
              "hits": 69,
              "hit_rate": 0.552,
              "hit_rate_interval": [
                0.5788,
                0.7704
              ],
              "valid": 60,
              "invalid": 9,
              "valid_rate": 0.8696,
              "valid_rate_interval": [
                0.7389,
                0.919
              ],
              "misses": 50,
              "failures": {
                "unavailable": 3,
                "rate_limited": 2
              },
              "unknown": 1,
              "cached": 2,
              "charged": 149,
              "refunded": 18,
              "net": 131,
              "saved": 45,
              "cost_per_hit": 1.898551,
              "cost_per_valid": 2.183333,
              "money": null,
              "money_per_valid": null,
              "latency_ms": {
                "p50": 220.159,
                "p95": 421.887
              },
              "rows_with_hit": 62,
              "rows_with_valid": 51,
              "unique_hits": 62,
              "unique_valid": 51
            },
            {
              "provider": "prospeo",
              "key": "managed",
              "attempts": 0,
              "hits": 0,
              "hit_rate": null,
              "hit_rate_interval": null,
              "valid": 0,
              "invalid": 0,
              "valid_rate": null,
              "valid_rate_interval": null,
              "misses": 0,
              "failures": {},
              "unknown": 0,
              "cached": 0,
              "charged": 0,
              "refunded": 0,
              "net": 0,
              "saved": 0,
              "cost_per_hit": null,
              "cost_per_valid": null,
              "money": null,
              "money_per_valid": null,
              "latency_ms": {
                "p50": null,
                "p95": null
              },
              "rows_with_hit": 0,
              "rows_with_valid": 0,
              "unique_hits": 0,
              "unique_valid": 0
            }
          ],
          "overlaps": [
            {
              "providers": [
                "hunter",
                "prospeo"
              ],
              "hits": 0,
              "valid": 0
            }
          ]
        }

        """#)
  }

  @Test func dryRunAsText() throws {
    #expect(
      try ReportFixtures.dryRun().text == #"""
        Dry run: nobody was asked and nothing was charged.
          sheet  people.csv, 100 rows

        work_email (work_email)
          step  provider      key      price  charged when  rejected  cells
             1  hunter        managed      2  found         refunded     80
                + zerobounce  managed    0.5  verified                   80
             2  prospeo       managed      3  found         refunded     60
                + zerobounce  managed    0.5  verified                   60
             3  apollo        own          0  found         refunded     10
          9 cells not asked: the row lacks an input that it needs
          1 cell not asked: the sheet already has a value
          90 cells to ask: at least 0, at most 310 credits, before refunds 410

        In all at least 0 and at most 310 credits.
        Available: 100 credits, which may not be enough: the run would pause.
        At least: if nobody has anything valid. At most: if the dearest way is taken for every cell;
        before refunds up to 410 may be charged on the way.

        """#)
  }

  @Test func dryRunAsJSON() throws {
    #expect(
      try ReportFixtures.dryRun().json.text() + "\n" == #"""
        {
          "schema": "waterfall.dry-run/1",
          "sheet": "people.csv",
          "rows": 100,
          "simulated": false,
          "totals": {
            "floor": 0,
            "ceiling": 310,
            "gross_ceiling": 410,
            "available": 100,
            "enough": false
          },
          "columns": [
            {
              "column": "work_email",
              "field": "work_email",
              "eligible": 90,
              "skipped": {
                "missing_input": 9,
                "already_filled": 1
              },
              "floor": 0,
              "ceiling": 310,
              "gross_ceiling": 410,
              "steps": [
                {
                  "step": 1,
                  "role": "finder",
                  "provider": "hunter",
                  "key": "managed",
                  "price": 2,
                  "charge": "found",
                  "refunds_rejected": true,
                  "eligible": 80
                },
                {
                  "step": 1,
                  "role": "verifier",
                  "provider": "zerobounce",
                  "key": "managed",
                  "price": 0.5,
                  "charge": "found",
                  "refunds_rejected": true,
                  "eligible": 80
                },
                {
                  "step": 2,
                  "role": "finder",
                  "provider": "prospeo",
                  "key": "managed",
                  "price": 3,
                  "charge": "found",
                  "refunds_rejected": true,
                  "eligible": 60
                },
                {
                  "step": 2,
                  "role": "verifier",
                  "provider": "zerobounce",
                  "key": "managed",
                  "price": 0.5,
                  "charge": "found",
                  "refunds_rejected": true,
                  "eligible": 60
                },
                {
                  "step": 3,
                  "role": "finder",
                  "provider": "apollo",
                  "key": "own",
                  "price": 5,
                  "charge": "found",
                  "refunds_rejected": true,
                  "eligible": 10
                }
              ]
            }
          ]
        }

        """#)
  }

  @Test func enoughIsSaidOnlyWhereItIs() throws {
    #expect(try ReportFixtures.dryRun(available: Credits(310)).text.contains("enough in any case"))
    #expect(try ReportFixtures.dryRun(available: Credits(309)).text.contains("may not be enough"))
    #expect(!(try ReportFixtures.dryRun(available: nil).text.contains("Available")))
  }

  /// The totals of a dry run of one column, from the ceiling on.
  private func ceilings(_ cells: Int64, _ steps: [DryRun.Step]) -> String {
    let column = DryRun.Column(
      name: "c", field: .workEmail, eligible: cells, skipped: [:], steps: steps)
    let run = DryRun(
      sheet: "s", rows: cells, isSimulated: true, columns: [column], available: nil)
    let members = run.json.text(.compact).split(separator: ",")
    let totals = members.drop { !$0.hasPrefix("\"ceiling\"") }.prefix(2)
    return totals.joined(separator: ",")
  }

  @Test func theCeilingFollowsThePolicies() throws {
    let (two, three) = (try Fixtures.step(0, "a", "2"), try Fixtures.step(1, "b", "3"))
    func steps(_ charge: ChargePolicy, _ refunds: Bool) -> [DryRun.Step] {
      [two, three].map {
        DryRun.Step($0, charge: charge, refundsRejected: refunds, eligible: 10)
      }
    }
    let expected = { (ceiling: Int, gross: Int) in
      "\"ceiling\":\(ceiling),\"gross_ceiling\":\(gross)"
    }
    #expect(ceilings(10, steps(.found, true)) == expected(30, 50))
    #expect(ceilings(10, steps(.called, true)) == expected(50, 50))
    #expect(ceilings(10, steps(.found, false)) == expected(50, 50))
    #expect(ceilings(10, []) == expected(0, 0))
    #expect(ceilings(4, steps(.found, true)) == expected(12, 50))
  }

  @Test func hugePricesDoNotOverflow() throws {
    let dear = DryRun.Step(
      try Fixtures.step(0, "a", "1000000000000"), eligible: .max)
    #expect(ceilings(.max, [dear]).hasPrefix("\"ceiling\":9223372036854775807000000000000,"))
  }
}
