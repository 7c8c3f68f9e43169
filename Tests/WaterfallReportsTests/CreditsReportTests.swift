import Testing
import WaterfallCore
import WaterfallReports

@Suite struct CreditsReportTests {
  private let balance = BalanceReport(
    lots: ReportFixtures.lots(), isSimulated: true, now: Fixtures.start)

  @Test func runsAsText() throws {
    let runs = [try Fixtures.run(), try Fixtures.run(.running, simulated: false)]
    #expect(
      RunList(runs).text == #"""
        run  command  state    simulated  rows  started               ended                 sheet       columns
          7  enrich   done     simulated   100  2026-03-01T12:30:00Z  2026-03-01T12:31:01Z  people.csv  work_email, domain
          7  enrich   running              100  2026-03-01T12:30:00Z  –                     people.csv  work_email, domain

        """#)
    let far = RunList([try Fixtures.run(sheet: "/home/ada/leads/2026/people.csv")]).text
    #expect(far.contains("  people.csv  ") && !far.contains("/"))
    #expect(RunList([]).text == "No runs yet.\n")
  }

  @Test func runsAsJSON() throws {
    #expect(
      RunList([try Fixtures.run(.running, simulated: false)]).json.text() + "\n" == #"""
        {
          "schema": "waterfall.runs/1",
          "runs": [
            {
              "id": 7,
              "state": "running",
              "simulated": false,
              "rows": 100,
              "started": "2026-03-01T12:30:00Z",
              "ended": null,
              "seed": null,
              "command": "enrich",
              "note": null,
              "sheet": "people.csv",
              "output": "people.out.csv",
              "columns": [
                "work_email",
                "domain"
              ]
            }
          ]
        }

        """#)
    #expect(RunList([]).json.text(.compact) == #"{"schema":"waterfall.runs/1","runs":[]}"#)
  }

  @Test func balanceAsText() {
    #expect(
      balance.text == #"""
        available  5899.5 credits (simulated)
        held       3
        balance    5902.5

        lot  kind     issued  available  held  expires               note
          1  trial      1000      899.5     3  2027-03-01T12:30:00Z  trial grant
          3  package    5000       5000     0  never

        1 lot used up or expired.

        """#)
  }

  @Test func balanceAsJSON() {
    #expect(
      balance.json.text() + "\n" == #"""
        {
          "schema": "waterfall.balance/1",
          "available": 5899.5,
          "held": 3,
          "balance": 5902.5,
          "simulated": true,
          "lots": [
            {
              "kind": "trial",
              "issued": 1000,
              "available": 899.5,
              "expires": "2027-03-01T12:30:00Z",
              "id": 1,
              "granted": "2026-03-01T12:30:00Z",
              "held": 3,
              "spent": 97.5,
              "expired": 0,
              "rolled_over": 0,
              "note": "trial grant"
            },
            {
              "kind": "promotion",
              "issued": 50,
              "available": 0,
              "expires": "2026-03-01T12:30:00Z",
              "id": 2,
              "granted": "2026-03-01T12:30:00Z",
              "held": 0,
              "spent": 30,
              "expired": 20,
              "rolled_over": 0,
              "note": "spring"
            },
            {
              "kind": "package",
              "issued": 5000,
              "available": 5000,
              "expires": null,
              "id": 3,
              "granted": "2026-03-01T12:30:00Z",
              "held": 0,
              "spent": 0,
              "expired": 0,
              "rolled_over": 0,
              "note": ""
            }
          ]
        }

        """#)
  }

  @Test func anEmptyAndAHugeWorkspace() {
    let empty = BalanceReport(lots: [], isSimulated: false, now: Fixtures.start)
    #expect(empty.text == "available  0 credits\nheld       0\nbalance    0\n")
    let lot = Lot(
      id: LotID(rawValue: 1), kind: .package, issued: Credits(micro: .max), granted: Fixtures.start)
    let huge = BalanceReport(lots: [lot, lot], isSimulated: false, now: Fixtures.start)
    #expect(huge.json.text(.compact).contains(#""balance":18446744073709.551614,"#))
  }

  private func whole(_ format: any HistoryFormat) -> String {
    let lines = (format.heading.map { [$0] } ?? []) + ReportFixtures.history.map(format.line)
    return lines.map { $0 + "\n" }.joined()
  }

  @Test func historyAsText() {
    #expect(
      whole(TextHistory()) == #"""
            seq  time                  kind         amount   run     row  step  column        provider      cause
              1  2026-03-01T12:30:00Z  grant          1000                                                  trial grant
              2  2026-03-01T12:30:00Z  hold           0.25     7      12     1  mail, "work"\n\u{1b…  hunter        hunter asked
              3  2026-03-01T12:30:00Z  zero              0     7      12     1  mail          + zerobounce  own key

        """#)
  }

  @Test func historyAsCSV() {
    #expect(
      whole(CSVHistory()) == #"""
        seq,time,kind,run,row,column,provider,step,amount,from,to,cause,role,lot
        1,2026-03-01T12:30:00Z,grant,,,,,,1000,outside,available,trial grant,,1
        2,2026-03-01T12:30:00Z,hold,7,12,"mail, ""work""\n\u{1b}[31m",hunter,1,0.25,available,held,hunter asked,finder,1
        3,2026-03-01T12:30:00Z,zero,7,12,mail,zerobounce,1,0,own_key,own_key,own key,verifier,

        """#)
  }

  @Test func historyAsJSONLines() {
    #expect(
      whole(JSONLinesHistory()) == #"""
        {"schema":"waterfall.history/1","seq":1,"time":"2026-03-01T12:30:00Z","kind":"grant","run":null,"row":null,"column":null,"provider":null,"step":null,"amount":1000,"from":"outside","to":"available","cause":"trial grant","role":null,"lot":1}
        {"schema":"waterfall.history/1","seq":2,"time":"2026-03-01T12:30:00Z","kind":"hold","run":7,"row":12,"column":"mail, \"work\"\n\u001b[31m","provider":"hunter","step":1,"amount":0.25,"from":"available","to":"held","cause":"hunter asked","role":"finder","lot":1}
        {"schema":"waterfall.history/1","seq":3,"time":"2026-03-01T12:30:00Z","kind":"zero","run":7,"row":12,"column":"mail","provider":"zerobounce","step":1,"amount":0,"from":"own_key","to":"own_key","cause":"own key","role":"verifier","lot":null}

        """#)
  }

  @Test func verifyAsText() {
    #expect(
      ReportFixtures.verify.text == #"""
        holds   1. What leaves one account enters another (3 entries)
        BROKEN  4. Refunds never exceed the charge (1 charge)
                  - entry 9 refunds 3 of a charge of 2
        NOT proven: 1 law broken.

        """#)
    let good = VerifyReport(laws: [ReportFixtures.verify.laws[0]])
    #expect(good.isProven && good.text.hasSuffix("Proven: every law holds.\n"))
    let none = VerifyReport(laws: [])
    #expect(!none.isProven && none.text == "Nothing was checked, so nothing is proven.\n")
  }

  @Test func verifyAsJSON() {
    #expect(
      ReportFixtures.verify.json.text() + "\n" == #"""
        {
          "schema": "waterfall.verify/1",
          "proven": false,
          "laws": [
            {
              "number": 1,
              "title": "What leaves one account enters another",
              "checked": "3 entries",
              "holds": true,
              "problems": []
            },
            {
              "number": 4,
              "title": "Refunds never exceed the charge",
              "checked": "1 charge",
              "holds": false,
              "problems": [
                "entry 9 refunds 3 of a charge of 2"
              ]
            }
          ]
        }

        """#)
  }
}
