import Testing
import WaterfallCore

@testable import WaterfallProviders

@Suite struct SyntaxTests {
  static let label63 = String(repeating: "a", count: 63)

  static let valid: [(Field, String)] = [
    (.workEmail, "ada@example.com"), (.workEmail, "a.b+c@mail.example.co.uk"),
    (.workEmail, "!#$%&'*+/=?^_`{|}~-@example.com"), (.workEmail, ".a..b.@example.com"),
    (.workEmail, "a@1.2.3.4"), (.workEmail, "A@EXAMPLE.COM"), (.workEmail, "a@x-y.com"),
    (.workEmail, "a@\(label63).com"), (.workEmail, String(repeating: "a", count: 64) + "@b.de"),
    (.companyDomain, "example.com"), (.companyDomain, "a.b.c.example"), (.companyDomain, "3m.com"),
    (.companyDomain, "xn--mnchen-3ya.de"), (.companyDomain, "\(label63).com"),
    (.mobilePhone, "+447700900123"), (.mobilePhone, "+1234567"), (.mobilePhone, "+123456789012345"),
    (.linkedinURL, "https://linkedin.example/in/ada-lovelace-1a2b3c"),
    (.linkedinURL, "https://www.linkedin.com/in/ada/"),
    (.linkedinURL, "http://uk.linkedin.com/pub/ada/1/2/3"),
    (.linkedinURL, "HTTPS://LinkedIn.com/in/zoë"),
    (.companySize, "1-10"), (.companySize, "10001+"), (.companySize, "250"),
    (.companySize, "1,001-5,000"), (.companySize, "51 – 200"), (.companySize, "7-7"),
    (.jobTitle, "CEO"), (.jobTitle, "Vice President, Sales & Ops"), (.jobTitle, "営業部長"),
  ]

  static let invalid: [(Field, String)] = [
    (.workEmail, ""), (.workEmail, "ada"), (.workEmail, "@example.com"), (.workEmail, "ada@"),
    (.workEmail, "a@b@example.com"), (.workEmail, "a b@example.com"),
    (.workEmail, " a@example.com"),
    (.workEmail, "a@example.com\n"), (.workEmail, "a@-x.com"), (.workEmail, "a@x-.com"),
    (.workEmail, "a@example..com"), (.workEmail, "a@example.com."), (.workEmail, "a@localhost"),
    (.workEmail, "\"a b\"@example.com"), (.workEmail, "ä@example.com"), (.workEmail, "a@bücher.de"),
    (.workEmail, "a@\(label63)a.com"), (.workEmail, "a(c)@example.com"),
    (.workEmail, "a,b@example.com"),
    (.workEmail, "mailto:a@example.com"), (.workEmail, String(repeating: "a", count: 65) + "@b.de"),
    (.workEmail, "a@" + String(repeating: "abcdefghi.", count: 26) + "com"),
    (.companyDomain, ""), (.companyDomain, "example"), (.companyDomain, "https://example.com"),
    (.companyDomain, "example.com/"), (.companyDomain, "1.2.3.4"), (.companyDomain, "a_b.com"),
    (.companyDomain, ".com"), (.companyDomain, "a..com"), (.companyDomain, "-a.com"),
    (.companyDomain, "n/a"), (.companyDomain, String(repeating: "abcdefghi.", count: 26) + "com"),
    (.mobilePhone, "447700900123"), (.mobilePhone, "+0123456789"),
    (.mobilePhone, "+44 7700 900123"),
    (.mobilePhone, "+123456"), (.mobilePhone, "+1234567890123456"), (.mobilePhone, "+"),
    (.mobilePhone, "+44٧٧٠٠٩٠٠"), (.mobilePhone, "(0113) 496 0000"),
    (.linkedinURL, "linkedin.com/in/ada"), (.linkedinURL, "https://linkedin.com/company/acme"),
    (.linkedinURL, "https://linkedin.com/in/"), (.linkedinURL, "https://linkedin.com"),
    (.linkedinURL, "https://evil-linkedin.com/in/ada"),
    (.linkedinURL, "https://linkedin.com.evil.io/in/a"),
    (.linkedinURL, "https://linkedin.com/in/a b"), (.linkedinURL, "ftp://linkedin.com/in/a"),
    (.companySize, ""), (.companySize, "+"), (.companySize, "many"), (.companySize, "10-1"),
    (.companySize, "-5"), (.companySize, "5-"), (.companySize, "1-2-3"), (.companySize, ","),
    (.companySize, "99999999999"),
    (.jobTitle, ""), (.jobTitle, " "), (.jobTitle, "42"), (.jobTitle, "CEO\nCFO"),
    (.jobTitle, String(repeating: "a", count: 201)),
  ]

  @Test(arguments: valid) func goodSyntaxIsValid(field: Field, value: String) {
    #expect(SyntaxValidator().judge(value, for: question(field)) == .valid)
    #expect(
      SyntaxValidator.provesNothing.judge(value, for: question(field))
        == Verdict(.unverified, .undetermined))
  }

  @Test(arguments: invalid) func brokenSyntaxIsInvalid(field: Field, value: String) {
    #expect(SyntaxValidator().judge(value, for: question(field)) == Verdict(.invalid, .syntax))
    #expect(
      SyntaxValidator.provesNothing.judge(value, for: question(field))
        == Verdict(.invalid, .syntax))
  }

  func question(_ field: Field) -> Question { Samples.question(field, Samples.person(1)) }
}
