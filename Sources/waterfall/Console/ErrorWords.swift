import CSVCodec
import Foundation
import WaterfallCore
import WaterfallLedger
import WaterfallRuns

extension UserError {
  /// Whatever was thrown while a command ran, in words for its user.
  init(describing error: any Error) {
    switch error {
    case let error as UserError:
      self = error
    case let error as CSVError:
      self.init(error, in: "the sheet")
    case let error as AmountError:
      self.init(.input, error.description)
    case let error as LedgerError:
      self.init(.fault, error.description, remedy: Self.report)
    case ConsoleFailure.failed(let reason):
      self.init(.io, "cannot write: \(reason)", place: "standard output")
    default:
      self.init(.fault, error.localizedDescription, remedy: Self.report)
    }
  }

  private static let report = "This is a defect of waterfall; please report it."

  /// The whole error as it is said: the place, the message and the remedy, with a full stop.
  var sentence: String {
    let text = description
    return text.hasSuffix(".") || text.hasSuffix("?") || text.hasSuffix("!") ? text : text + "."
  }
}
