public import WaterfallCore

/// Judges values by what is true in the simulated world.
///
/// An address at a company that accepts every name is risky, right or wrong, because nobody could
/// prove more. Complexity: O(length of the inputs and the value).
public struct SimulatedValidator: Validator {
  private let world: SimulatedWorld

  public init(world: SimulatedWorld) { self.world = world }

  public func judge(_ value: String, for question: Question) -> Verdict {
    world.verdict(on: value, of: question.field, for: question.inputs).verdict
  }
}

extension SimulatedWorld {
  /// The verdict of somebody who knows everything that can be proved, and whether the value is the
  /// right one.
  @inline(__always) func verdict(
    on value: String, of field: Field, for inputs: Inputs
  ) -> (verdict: Verdict, isRight: Bool) {
    RowIdentity.with(inputs) { row in
      let truth = RowTruth(field, row, .of(field), seed: key)
      let values = ValueMaker(field, row, truth)
      let right = values.right
      if truth.isCatchAll, SimulatedWorld.host(of: value) == SimulatedWorld.host(of: right) {
        return (Verdict(.risky, .catchAll), truth.exists && value == right)
      }
      if truth.exists, value == right { return (.valid, true) }
      return (Verdict(.invalid, Self.reason(against: value, field)), false)
    }
  }

  private static func host(of address: String) -> Substring? {
    address.lastIndex(of: "@").map { address[$0...] }
  }

  /// Why a wrong value is wrong: for most fields a property of the value, the same for everybody.
  private static func reason(against value: String, _ field: Field) -> Verdict.Reason {
    switch field {
    case .companySize, .jobTitle: return .someoneElse
    case .mobilePhone where !value.hasPrefix("+447") && value.hasPrefix("+"): return .landline
    case .workEmail, .mobilePhone, .companyDomain, .linkedinURL:
      return Chance.key(of: value) & 3 == 0 ? .someoneElse : .nonexistent
    }
  }
}
