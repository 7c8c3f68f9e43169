import Testing
import WaterfallCore

@testable import WaterfallProviders

@Suite struct ConfigurationTests {
  static let good = """
    columns:
      - field: work_email
        name: Work Email
        steps:
          - findymail
          - {provider: hunter, when: "State = 'WA'", key: own}
        verify: zerobounce
        where: Party <> ''
        accept: not_invalid
        charge: called
        refund: provider
        inputs: {domain: Website}
      - field: job_title
    map: {company: Security}
    where: State = 'WA'
    limit: 100
    rows: 2:50
    overwrite: true
    provenance: false
    max_credits: 12.5
    max_credits_per_row: 0.25
    seed: 18446744073709551615
    ragged: keep
    providers: [my-providers, other/x.yaml]

    """

  @Test func everyKeyIsRead() throws {
    let read = try ConfigurationFile.read(Self.good, file: "w.yaml")
    #expect(read.columns.count == 2)
    let column = read.columns[0]
    #expect(column.field == .workEmail && column.name == "Work Email")
    #expect(
      column.steps == [
        StepRequest(provider: "findymail", place: "w.yaml:5:9"),
        StepRequest(
          provider: "hunter", condition: "State = 'WA'", conditionPlace: "w.yaml:6:34",
          key: .own, place: "w.yaml:6:20"),
      ])
    #expect(column.verifier == StepRequest(provider: "zerobounce", place: "w.yaml:7:13"))
    #expect(column.condition == "Party <> ''" && column.accept == .notInvalid)
    #expect(column.charge == .called && column.refund == .provider)
    #expect(
      column.inputs == [InputOverride(input: .domain, header: "Website", place: "w.yaml:12:22")])
    #expect(read.columns[1].steps == nil && read.columns[1].place == "w.yaml:13:5")
    #expect(
      read.map == [InputOverride(input: .company, header: "Security", place: "w.yaml:14:16")])
    #expect(read.condition == "State = 'WA'" && read.limit == 100)
    #expect(read.conditionPlace?.hasPrefix("w.yaml:15:") == true)
    #expect(column.conditionPlace?.hasPrefix("w.yaml:8:") == true)
    #expect(read.rows == RowRange(first: 2, last: 50))
    #expect(read.overwrite == true && read.provenance == false)
    #expect(read.maxCredits == Credits(micro: 12_500_000))
    #expect(read.maxCreditsPerRow == Credits(micro: 250_000))
    #expect(read.seed == .max && read.ragged == .keep)
    #expect(read.providers.map(\.text) == ["my-providers", "other/x.yaml"])
  }

  @Test(arguments: [
    ("limit:", "limt:", "w.yaml:16:1: unknown key “limt” in the document. Did you mean limit?"),
    ("limit: 100", "limit: 0", "w.yaml:16:8: limit is 0, outside 1 to 9223372036854775807"),
    (
      "limit: 100", "limit: 1.5",
      "w.yaml:16:8: limit is “1.5”, not a whole number. Write digits only"
    ),
    (
      "limit: 100", "limit: many",
      "w.yaml:16:8: limit is “many”, not a whole number. Write digits only"
    ),
    ("overwrite: true", "overwrite: yes", "w.yaml:18:12: overwrite is “yes”, not true or false"),
    (
      "field: work_email", "field: work_mail",
      "w.yaml:2:12: “work_mail” is no field. Did you mean work_email?"
    ),
    (
      "name: Work Email", "nam: x",
      "w.yaml:3:5: unknown key “nam” in columns[0]. Did you mean name?"
    ),
    (
      "key: own", "key: owned",
      "w.yaml:6:55: “owned” is no kind of key. Write one of managed, own"
    ),
    (
      "key: own", "price: 3",
      "w.yaml:6:57: a step has no price of its own. The price is the provider’s: write a manifest "
        + "with the same id to change it"
    ),
    (
      "when:", "if:",
      "w.yaml:6:28: unknown key “if” in columns[0].steps[1]. The keys here are provider, when, key"
    ),
    (
      "provider: hunter", "provider: findymail",
      "w.yaml:6:9: findymail is asked twice in columns[0].steps. Leave one of the steps out"
    ),
    (
      "provider: hunter, ", "",
      "w.yaml:6:9: the key “provider” is missing in columns[0].steps[1]. Add “provider:”"
    ),
    (
      "accept: not_invalid", "accept: notinvalid",
      "w.yaml:9:13: “notinvalid” is no acceptance rule. Did you mean not_invalid?"
    ),
    (
      "ragged: keep", "ragged: skip",
      "w.yaml:23:9: “skip” is no treatment of ragged rows. Write one of error, keep"
    ),
    (
      "max_credits: 12.5", "max_credits: 12,5",
      "w.yaml:20:14: max_credits: “12,5” is not an amount: write digits with a decimal point, like 2 or 0.25"
    ),
    (
      "seed: 18446744073709551615", "seed: 18446744073709551616",
      "w.yaml:22:7: seed is 18446744073709551616, outside 0 to 18446744073709551615"
    ),
    (
      "rows: 2:50", "rows: 50:2",
      "w.yaml:17:7: the range of rows ends at 2, before its start at 50. Write 1:100 for the first hundred rows"
    ),
    (
      "field: job_title", "field: work_email\n    name: Work Email",
      "w.yaml:13:5: two columns are called “Work Email”; the other is at w.yaml:2:5. Give one of them another name"
    ),
    (
      "{company: Security}", "[company]",
      "w.yaml:14:6: map is a list, not a mapping of keys to values. Write lines of the form “key: "
        + "value” below it"
    ),
    (
      "providers: [my-providers, other/x.yaml]", "providers: mine",
      "w.yaml:24:12: providers is “mine”, not a list. Write [mine]"
    ),
  ])
  func aMistakeIsNamedWithItsPlace(right: String, wrong: String, message: String) {
    let text = Self.good.replacing(right, with: wrong, maxReplacements: 1)
    #expect(text != Self.good)
    let error = #expect(throws: UserError.self) {
      try ConfigurationFile.read(text, file: "w.yaml")
    }
    #expect(error?.description == message)
  }

  @Test func columnsOfTheCommandLine() throws {
    let plain = try ColumnRequest(option: "work_email")
    #expect(plain.field == .workEmail && plain.steps == nil)
    let steps = try ColumnRequest(option: "mobile_phone=prospeo, findymail").steps
    #expect(steps?.map(\.provider) == ["prospeo", "findymail"])
  }

  @Test(arguments: [
    ("work_mail", "--column work_mail: there is no field “work_mail”. Did you mean work_email?"),
    (
      "work_email=",
      "--column work_email=: the list of providers has an empty name. Write --column work_email=hunter,findymail, or leave “=” out for the default"
    ),
    (
      "work_email=a,,b",
      "--column work_email=a,,b: the list of providers has an empty name. Write --column work_email=hunter,findymail, or leave “=” out for the default"
    ),
    ("work_email=a,a", "--column work_email=a,a: a is asked twice. Name it once"),
    (
      "",
      "--column : there is no field “”. The fields are work_email, mobile_phone, company_domain, company_size, job_title, linkedin_url"
    ),
  ])
  func wrongColumnsOfTheCommandLine(option: String, message: String) {
    let error = #expect(throws: UserError.self) { try ColumnRequest(option: option) }
    #expect(error?.description == message)
  }

  @Test func mappingsOfTheCommandLine() throws {
    #expect(try InputOverride(option: "domain=Website").header == "Website")
    #expect(try InputOverride(option: " domain = A = B ").header == "A = B")
    for (option, remedy) in [
      ("domain", "Write --map domain=Website"), ("=x", "Write --map domain=Website"),
      ("domain=", "Write --map domain=Website"), ("Domain=x", "Did you mean domain?"),
      ("9=x", "Write lower-case letters, digits and underscores: --map domain=Website"),
    ] {
      let error = #expect(throws: UserError.self) { try InputOverride(option: option) }
      #expect(error?.remedy == remedy && error?.place == "--map \(option)")
    }
  }

  @Test func rangesOfRows() throws {
    #expect(try RowRange(option: "2:5") == RowRange(first: 2, last: 5))
    #expect(try RowRange(option: "2:") == RowRange(first: 2, last: nil))
    #expect(try RowRange(option: ":5") == RowRange(first: 1, last: 5))
    #expect(try RowRange(option: "7") == RowRange(first: 7, last: 7))
    let range = RowRange(first: 2, last: 5)
    #expect([1, 2, 5, 6].map(range.contains) == [false, true, true, false])
    #expect(RowRange(first: 2, last: nil).contains(.max))
  }

  @Test(arguments: [
    ("", "“” is no range of rows"), (":", "“:” is no range of rows"),
    ("1:2:3", "“1:2:3” is no range of rows"), ("a:2", "“a” is no number of a row"),
    ("-1:2", "“-1” is no number of a row"), ("0:2", "rows are counted from 1, and 0 is below"),
    ("5:2", "the range of rows ends at 2, before its start at 5"),
    ("1:99999999999999999999", "“99999999999999999999” is no number of a row"),
  ])
  func wrongRangesOfRows(text: String, message: String) {
    let error = #expect(throws: UserError.self) { try RowRange(option: text) }
    #expect(error?.message == message)
    #expect(error?.code == .usage)
  }
}
