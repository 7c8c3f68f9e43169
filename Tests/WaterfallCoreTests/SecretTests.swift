import Testing
import WaterfallCore

/// A key does not show, however it is printed.
@Suite struct SecretTests {
  static let text = "sk_live_4242"
  static let secret = Secret(text, of: ProviderID("hunter"))

  struct Holder {
    let name = "holder"
    let secret: Secret?
    let byName: [String: Secret]
  }

  @Test func itsTextIsReachedByNameOnly() {
    #expect(Self.secret.reveal() == Self.text)
    #expect("\(Self.secret)" == "<key of hunter>")
    #expect(String(reflecting: Self.secret) == "<key of hunter>")
    #expect(Mirror(reflecting: Self.secret).children.isEmpty)
  }

  @Test func nothingThatHoldsItShowsIt() {
    let holder = Holder(secret: Self.secret, byName: ["a": Self.secret])
    var dumped = ""
    dump(holder, to: &dumped)
    dump(Self.secret, to: &dumped)
    print(holder, [Self.secret], terminator: "", to: &dumped)
    for text in [
      dumped, "\(holder)", String(reflecting: holder), "\([Self.secret])", "\(holder.byName)",
      "\(String(describing: holder.secret))", "\(Result<Secret, UserError>.success(Self.secret))",
      String(describing: Mirror(reflecting: holder).children.map(\.value)),
    ] {
      #expect(!text.contains(Self.text) && text.contains("<key of hunter>"), "\(text)")
    }
  }
}
