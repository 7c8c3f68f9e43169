import WaterfallCore

/// What people call the inputs and the fields in a header, best name first.
///
/// Names are compared by their letters and digits alone, in lower case: `First Name`,
/// `first_name` and `FirstName` are one.
enum HeaderNames {
  static let inputs: [InputName: [String]] = [
    .firstName: [
      "firstname", "givenname", "forename", "vorname", "prénom", "prenom", "nombre", "fname",
      "contactfirstname", "first", "given",
    ],
    .lastName: [
      "lastname", "surname", "familyname", "nachname", "familienname", "nomdefamille",
      "apellidos", "apellido", "lname", "contactlastname", "last", "family",
    ],
    .fullName: [
      "fullname", "contactname", "personname", "leadname", "contact", "name", "person", "lead",
    ],
    .company: [
      "company", "companyname", "organisation", "organization", "organisationname",
      "organizationname", "account", "accountname", "employer", "employername", "firma",
      "firmenname", "unternehmen", "entreprise", "société", "empresa", "business",
      "businessname", "currentcompany",
      // What a list of stocks calls its companies: taken only where nothing better is there.
      "security", "issuer",
    ],
    .domain: [
      "domain", "companydomain", "domainname", "companydomainname", "website", "companywebsite",
      "websiteurl", "companyurl", "companywebsiteurl", "homepage", "homepageurl", "webseite",
      "siteweb", "web", "site", "url",
    ],
    .linkedinURL: [
      "linkedinurl", "linkedin", "linkedinprofile", "linkedinprofileurl", "personlinkedinurl",
      "personlinkedin", "contactlinkedinurl", "profileurl", "linkedinlink",
    ],
    .email: [
      "email", "emailaddress", "workemail", "businessemail", "companyemail",
      "professionalemail", "contactemail", "primaryemail", "workemailaddress", "mail",
      "mailaddress",
    ],
    .phone: [
      "phone", "phonenumber", "telephone", "telephonenumber", "mobilephone", "mobile",
      "mobilenumber", "cellphone", "cell", "directphone", "directdial", "workphone", "telefon",
      "handy", "tel",
    ],
  ]

  /// Columns that already hold what a field asks for.
  static let fields: [Field: [String]] = [
    .workEmail: [
      "workemail", "workemailaddress", "businessemail", "companyemail", "professionalemail",
      "email", "emailaddress",
    ],
    .mobilePhone: [
      "mobilephone", "mobile", "mobilenumber", "mobilephonenumber", "cellphone", "cell", "handy",
    ],
    .companyDomain: ["companydomain", "domain", "companydomainname", "domainname"],
    .companySize: [
      "companysize", "employees", "employeecount", "numberofemployees", "headcount",
      "companyheadcount", "noofemployees",
    ],
    .jobTitle: ["jobtitle", "title", "position", "role", "jobposition", "currenttitle"],
    .linkedinURL: [
      "linkedinurl", "linkedin", "linkedinprofile", "linkedinprofileurl", "personlinkedinurl",
      "personlinkedin",
    ],
  ]

  /// The letters and digits of a header, in lower case.
  static func plain(_ header: String) -> String {
    String(header.lowercased().filter { $0.isLetter || $0.isNumber })
  }
}
