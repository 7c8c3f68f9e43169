public import CSVCodec
public import WaterfallCore

extension UserError {
  /// What is wrong with a sheet, with the place and the remedy.
  public init(_ error: CSVError, in path: String) {
    let name = path == "-" ? "standard input" : path
    let location = error.location.description
    let code: Code =
      switch error.code {
      case .readFailed, .writeFailed: .io
      default: .input
      }
    self.init(
      code, error.message, place: location.isEmpty ? name : "\(name), \(location)",
      remedy: Self.remedy(for: error.code))
  }

  private static func remedy(for code: CSVError.Code) -> String? {
    switch code {
    case .columnCount:
      "Mend the row, or pass --ragged keep to let such rows through unchanged."
    case .unterminatedQuote: "Close the quote, or double it if it belongs to the text."
    case .emptyInput: "A sheet has at least a header line."
    default: nil
    }
  }
}
