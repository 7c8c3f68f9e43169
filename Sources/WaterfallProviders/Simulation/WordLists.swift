/// The words that simulated values are made of.
enum WordLists {
  /// The usual bands of employees.
  static let sizes = [
    "1-10", "11-50", "51-200", "201-500", "501-1000", "1001-5000", "5001-10000", "10001+",
  ]

  static let titles = [
    "Account Executive", "Account Manager", "Accountant", "Business Analyst", "Buyer",
    "Chief Executive Officer", "Chief Financial Officer", "Chief Information Officer",
    "Chief Marketing Officer", "Chief Operating Officer", "Chief Technology Officer",
    "Consultant", "Controller", "Customer Success Manager", "Data Analyst", "Data Scientist",
    "Director of Engineering", "Director of Finance", "Director of Marketing",
    "Director of Operations", "Director of Sales", "Founder", "General Counsel", "General Manager",
    "Head of Growth", "Head of People", "Head of Product", "Head of Sales", "HR Manager",
    "IT Manager", "Logistics Manager", "Managing Director", "Marketing Manager",
    "Office Manager", "Operations Manager", "Plant Manager", "Product Manager",
    "Project Manager", "Purchasing Manager", "Quality Manager", "Recruiter",
    "Regional Sales Manager", "Sales Development Representative", "Software Engineer",
    "Solutions Architect", "Supply Chain Manager", "Vice President of Marketing",
    "Vice President of Sales",
  ]

  /// For rows that name nobody.
  static let firstNames = [
    "ada", "alan", "barbara", "dennis", "edsger", "frances", "grace", "hedy", "john", "katherine",
    "ken", "linus", "margaret", "niklaus", "radia", "tony",
  ]

  static let lastNames = [
    "allen", "baker", "clarke", "dixon", "evans", "foster", "graham", "hughes", "irving", "jones",
    "king", "lloyd", "morgan", "nolan", "owen", "parker",
  ]
}
