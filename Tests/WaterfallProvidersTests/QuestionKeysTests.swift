import Testing
import WaterfallCore

@testable import WaterfallProviders

@Suite struct QuestionKeysTests {
  let keys = QuestionKeys(provider: ProviderID("hunter"), field: .workEmail)

  func digest(_ values: [String], set: [InputName] = Samples.personNames) -> InputsDigest {
    QuestionKeys.inputsDigest(
      Inputs(names: Samples.personNames, values: values), using: set)
  }

  @Test func onlyTheInputsOfTheSetCount() {
    let set: [InputName] = [.lastName, .domain]
    #expect(digest(["Ada", "L", "a.com"], set: set) == digest(["Bob", "L", "a.com"], set: set))
    #expect(digest(["Ada", "L", "a.com"]) != digest(["Bob", "L", "a.com"]))
    #expect(digest(["Ada", "L", "a.com"], set: set) != digest(["Ada", "L", "a.com"]))
  }

  @Test func orderCaseAndSpacesDoNotCount() {
    #expect(
      digest(["Ada", "L", "a.com"])
        == digest([" ADA", "l", "A.com\t"], set: [.domain, .lastName, .firstName]))
  }

  @Test func valuesCannotBeShiftedBetweenInputs() {
    #expect(digest(["ab", "c", "d"]) != digest(["a", "bc", "d"]))
    #expect(digest(["", "a", "d"]) != digest(["a", "", "d"]))
    let all = Inputs(names: Samples.personNames, values: ["Ada", "", "a.com"])
    #expect(
      QuestionKeys.inputsDigest(all)
        == QuestionKeys.inputsDigest(all, using: [.firstName, .domain]))
  }

  @Test func keysDifferByProviderFieldInputsAndCandidate() {
    let one = digest(["Ada", "L", "a.com"])
    let two = digest(["Bob", "L", "a.com"])
    var seen: Set<QuestionKey> = []
    var count = 0
    for provider in ["hunter", "findymail", "zerobounce"] {
      for field in Field.allCases {
        let keys = QuestionKeys(provider: ProviderID(provider), field: field)
        for inputs in [one, two] {
          seen.insert(keys.key(for: inputs))
          seen.insert(keys.key(for: inputs, candidate: "a@b.example"))
          seen.insert(keys.key(for: inputs, candidate: "A@b.example"))
          seen.insert(keys.key(for: inputs, candidate: ""))
          count += 4
        }
      }
    }
    #expect(seen.count == count)
  }

  /// Keys are stored in journals, so they may never change between releases.
  @Test func keysStayWhatTheyAre() {
    let key = keys.key(for: digest(["Ada", "Lovelace", "acme.com"]))
    #expect(key == keys.key(for: digest(["ada", "lovelace", "acme.com"])))
    #expect(
      String(key.high, radix: 16) == "a657d0b687236e65"
        && String(key.low, radix: 16) == "b042767fecfd618f")
  }

  @Test func manyQuestionsHaveManyKeys() {
    let found = Set(
      (0..<20_000).map { keys.key(for: QuestionKeys.inputsDigest(Samples.person($0))) })
    #expect(found.count == 20_000)
  }
}
