import WaterfallCore

/// Invented values to rehearse with: no person, host or number of them exists.
enum SampleValues {
  /// Digits, so that a dialect in which jobs are numbers can echo it.
  static let job = "730112"
  /// Two parts, for providers that want two.
  static let key = "sample-id:sample-secret"

  static func input(_ name: InputName) -> String {
    switch name {
    case .firstName: "Ada"
    case .lastName: "Lovelace"
    case .fullName: "Ada Lovelace"
    case .company: "Analytical Engines"
    case .domain: "analytical.example"
    case .linkedinURL: "https://www.linkedin.com/in/ada-lovelace-example"
    case .email: "ada.lovelace@analytical.example"
    case .phone: "+447700900123"
    default: "sample \(name)"
    }
  }

  static func inputs(_ names: [InputName]) -> Inputs {
    Inputs(names: names, values: names.map(input))
  }

  /// The `number`-th value of a field; none of them is an input's.
  static func value(_ field: Field, _ number: Int = 0) -> String {
    switch field {
    case .workEmail: "ada.king\(number)@analytical.example"
    case .mobilePhone: "+4477009003\(number + 10)"
    case .companyDomain: "engines\(number).example"
    case .companySize: "\(240 + number)"
    case .jobTitle: "Countess of Computing \(number)"
    case .linkedinURL: "https://www.linkedin.com/in/ada-king-example\(number)"
    }
  }
}
