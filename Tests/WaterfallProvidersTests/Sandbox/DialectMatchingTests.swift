import TestSupport
import Testing
import WaterfallCore

@testable import WaterfallProviders

/// What a manifest's templates render is read back to the same values.
@Suite struct DialectMatchingTests {
  private static let seed: UInt64 = 20_261_121

  @Test(arguments: SampleDialect.all) func requestsAreRecognised(sample: SampleDialect) throws {
    print("seed \(Self.seed)")
    var awkward = AwkwardValues(random: SplitMix64(state: Self.seed))
    let dialect = try sample.dialect
    for (operation, set) in try sample.questions {
      for round in 0..<20 {
        let inputs = awkward.inputs(set, isForHeaders: sample.usesHeaders)
        let candidate =
          operation.role == .verifier
          ? awkward.value(InputName("value"), isForHeaders: sample.usesHeaders) : nil
        for row in [inputs, nil] {
          let request = try #require(
            sample.request(operation, inputs, candidate: candidate, row: row))
          let place = "\(operation.name) \(set) round \(round), row \(row != nil): \(request)"
          guard case .question(let question) = dialect.recognise(SandboxRequest(request)) else {
            Issue.record("\(dialect.recognise(SandboxRequest(request))): \(place)")
            return
          }
          #expect(question.operation == operation, "\(place)")
          if let candidate {
            #expect(sample.isSame(operation, "value", question.candidate, candidate), "\(place)")
          }
          if let row {
            #expect(question.inputs == row, "\(place)")
          } else {
            // Where holes stand side by side, only the whole can be the same.
            let again = sample.request(
              operation, question.inputs, candidate: question.candidate, row: nil)
            let isHashed = sample.hashes(operation)
            #expect(isHashed || again?.url == request.url, "\(place)")
            #expect(isHashed || again?.body == request.body, "\(place)")
          }
        }
      }
    }
  }

  @Test(arguments: SampleDialect.all) func pollsAreRecognised(sample: SampleDialect) throws {
    var awkward = AwkwardValues(random: SplitMix64(state: Self.seed))
    let dialect = try sample.dialect
    for (operation, set) in try sample.questions {
      let plan = try #require(sample.section.operation(operation.role, operation.field))
      guard let poll = plan.poll else { continue }
      let inputs = awkward.inputs(set)
      var details = RequestBuilder.Details(values: TemplateValues(inputs, using: set))
      details.values["job"] = "job 1/2"
      details.operation = operation
      details.row = inputs
      let request = try #require(
        sample.builder().request(poll.request, details, sample.credentials))
      guard case .poll(operation, let job) = dialect.recognise(SandboxRequest(request)) else {
        Issue.record("\(dialect.recognise(SandboxRequest(request))): \(request)")
        continue
      }
      #expect(job == "job 1/2")
    }
  }

  @Test(arguments: SampleDialect.all) func batchesAreRecognised(sample: SampleDialect) throws {
    var awkward = AwkwardValues(random: SplitMix64(state: Self.seed))
    let dialect = try sample.dialect
    for (operation, set) in try sample.questions {
      let plan = try #require(sample.section.operation(operation.role, operation.field))
      guard let batch = plan.batch else { continue }
      let isVerifier = operation.role == .verifier
      let rows = (0..<2).map { _ in awkward.inputs(set) }
      var bytes = Array("[".utf8)
      for (number, row) in rows.enumerated() {
        var values = TemplateValues(row, using: set)
        values["item"] = String(number)
        if isVerifier { values["value"] = "v \(number)" }
        if number > 0 { bytes.append(UInt8(ascii: ",")) }
        #expect(batch.item.append(values, to: &bytes))
      }
      var details = RequestBuilder.Details(values: TemplateValues())
      details.items = bytes + Array("]".utf8)
      details.operation = operation
      let request = try #require(
        sample.builder().request(batch.request, details, sample.credentials))
      guard case .batch(operation, let questions) = dialect.recognise(SandboxRequest(request))
      else {
        Issue.record("\(dialect.recognise(SandboxRequest(request))): \(request)")
        continue
      }
      #expect(questions.count == 2)
      // The questions make the same batch again: a list of alternatives may tell no more.
      var again = Array("[".utf8)
      for (number, question) in questions.enumerated() {
        #expect(question.candidate == (isVerifier ? "v \(number)" : nil))
        var values = TemplateValues(question.inputs, using: question.inputs.names)
        values["item"] = question.item
        values["value"] = question.candidate
        if number > 0 { again.append(UInt8(ascii: ",")) }
        #expect(batch.item.append(values, to: &again))
      }
      #expect(again + Array("]".utf8) == details.items, "\(operation.name)")
    }
  }
}

extension SampleDialect {
  /// The request as the client makes it.
  func request(
    _ operation: SandboxOperation, _ inputs: Inputs, candidate: String?, row: Inputs?
  ) -> HTTPRequest? {
    guard let plan = section.operation(operation.role, operation.field) else { return nil }
    var template = plan.requests.first
    var values = TemplateValues(inputs, using: inputs.names)
    if let candidate {
      values["value"] = candidate
    } else {
      let sets = manifest.finds[operation.field]?.inputs ?? []
      guard let set = sets.first(where: { $0.allSatisfy { inputs[$0] != nil } }) else { return nil }
      template = plan.request(for: set)
      values = TemplateValues(inputs, using: set)
    }
    var details = RequestBuilder.Details(values: values)
    details.operation = operation
    details.row = row
    return template.flatMap { builder().request($0, details, credentials) }
  }

  /// Whether some value goes into a header, which carries less than other places.
  var usesHeaders: Bool {
    (Array(section.finds.values) + Array(section.verifies.values)).flatMap(\.requests).contains {
      $0.headers.contains { !$0.value.names.isEmpty }
    }
  }

  /// Whether something is only told as its hash.
  func hashes(_ operation: SandboxOperation) -> Bool {
    filters(operation).contains { $0.filter == .sha256 }
  }

  /// The value itself, or what a filter makes of it.
  func isSame(
    _ operation: SandboxOperation, _ name: String, _ found: String?, _ value: String
  ) -> Bool {
    found == value
      || filters(operation).contains { $0.name == name && $0.filter.apply(value) == found }
  }

  private func filters(
    _ operation: SandboxOperation
  ) -> [(name: String, filter: Template.Filter)] {
    let plan = section.operation(operation.role, operation.field)
    return (plan?.requests ?? []).flatMap { request in
      let body: [Template] =
        switch request.body {
        case nil: []
        case .json(let document): document.templates
        case .form(let list): list.map(\.value)
        }
      let all = [request.target] + request.query.map(\.value) + body
      return all.flatMap(\.parts).compactMap { part in
        if case .hole(let name, let filter?) = part { (name, filter) } else { nil }
      }
    }
  }
}
