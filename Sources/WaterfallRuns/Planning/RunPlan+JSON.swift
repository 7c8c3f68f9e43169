import Foundation
public import WaterfallCore

extension RunPlan {
  /// The plan as a run keeps it.
  public func json() throws -> String {
    let encoder = JSONEncoder()
    encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
    return String(decoding: try encoder.encode(self), as: UTF8.self)
  }

  /// Reads what `json` wrote. Throws `UserError` for a plan of another version.
  public init(json: String) throws(UserError) {
    do {
      self = try JSONDecoder().decode(RunPlan.self, from: Data(json.utf8))
    } catch {
      throw UserError(
        .input, "the plan of the run cannot be read: \(error)",
        remedy: "It was made by another version of waterfall: resume it with that one.")
    }
  }
}
