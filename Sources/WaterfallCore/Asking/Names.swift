/// What is asked for. The tool knows these fields; a column names one of them.
public enum Field: String, CaseIterable, Sendable, Codable {
  case workEmail = "work_email"
  case mobilePhone = "mobile_phone"
  case companyDomain = "company_domain"
  case companySize = "company_size"
  case jobTitle = "job_title"
  case linkedinURL = "linkedin_url"
}

extension Field: CustomStringConvertible {
  public var description: String { rawValue }
}

/// The name of a provider, as its manifest gives it: lower-case letters, digits and underscores.
public struct ProviderID: Hashable, Sendable, RawRepresentable, Codable {
  public let rawValue: String
  public init(rawValue: String) { self.rawValue = rawValue }
  public init(_ rawValue: String) { self.rawValue = rawValue }
}

extension ProviderID: CustomStringConvertible, Comparable {
  public var description: String { rawValue }
  public static func < (left: Self, right: Self) -> Bool { left.rawValue < right.rawValue }
}

/// The name of something a provider is told about a row: `first_name`, `domain`, …
///
/// The well-known names have header synonyms; any other name can be mapped with `--map`.
public struct InputName: Hashable, Sendable, RawRepresentable, Codable {
  public let rawValue: String
  public init(rawValue: String) { self.rawValue = rawValue }
  public init(_ rawValue: String) { self.rawValue = rawValue }

  public static let firstName = InputName("first_name")
  public static let lastName = InputName("last_name")
  public static let fullName = InputName("full_name")
  public static let company = InputName("company")
  public static let domain = InputName("domain")
  public static let linkedinURL = InputName("linkedin_url")
  public static let email = InputName("email")
  public static let phone = InputName("phone")

  public static let wellKnown: [InputName] = [
    .firstName, .lastName, .fullName, .company, .domain, .linkedinURL, .email, .phone,
  ]
}

extension InputName: CustomStringConvertible, Comparable {
  public var description: String { rawValue }
  public static func < (left: Self, right: Self) -> Bool { left.rawValue < right.rawValue }
}
