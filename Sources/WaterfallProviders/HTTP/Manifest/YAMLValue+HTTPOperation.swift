import WaterfallCore
import Yams

/// What an operation takes from its section.
struct OperationContext {
  let rules: [ResponseRule]
  let onUnknown: UnknownRule?
  let miss: String?
}

extension YAMLValue {
  /// How a field is asked for with any of these input sets.
  func finder(
    _ sets: [[InputName]], _ context: OperationContext
  ) throws(UserError) -> HTTPOperation {
    let keys = try mapping(of: HTTPKeys.finder)
    let value = try keys.required("value").jq()
    return try operation(keys, sets, value: value, context)
  }

  /// How a value is judged; `inputs` are those that the row may have beside it.
  func verifier(
    _ inputs: [InputName], _ context: OperationContext
  ) throws(UserError) -> HTTPOperation {
    let keys = try mapping(of: HTTPKeys.verifier)
    _ = try keys.required("verdict")
    return try operation(keys, [inputs + ["value"].map { InputName($0) }], value: nil, context)
  }

  private func operation(
    _ keys: YAMLMapping, _ sets: [[InputName]], value: String?, _ context: OperationContext
  ) throws(UserError) -> HTTPOperation {
    let names = Set(sets.flatMap { $0 }.map(\.rawValue))
    let requests = try self.requests(keys, sets, names)
    let own = try keys.optional("rules") { value throws(UserError) in try value.rules() } ?? []
    let batch = try keys.optional("batch") { value throws(UserError) in try value.batch(names) }
    let isSafe = (requests + [batch?.request].compactMap { $0 }).allSatisfy { $0.method == "GET" }
    let poll = try keys.optional("poll") { value throws(UserError) in
      try value.poll(names, context)
    }
    let again = try keys.optional("repeat") { value throws(UserError) in
      let keys = try value.mapping(of: HTTPKeys.again)
      return RepeatPlan(
        every: try keys.required("every").span(), most: try keys.required("most").span())
    }
    if let batch = keys["batch"], poll != nil || again != nil {
      throw batch.error(
        "\(batch.title) stands beside “\(poll == nil ? "repeat" : "poll")”, and a batch is one exchange: "
          + "its answers are not waited for",
        remedy: "Keep one of the two")
    }
    try checkPending(own + context.rules, isHandled: again != nil, poll)
    return HTTPOperation(
      requests: requests, rules: own + context.rules, value: value,
      miss: value == nil ? nil : try miss(keys) ?? context.miss,
      verdict: try keys.optional("verdict") { value throws(UserError) in try value.verdictMap() },
      confidence: try keys.optional("confidence") { value throws(UserError) in try value.jq() },
      cost: try keys.optional("cost") { value throws(UserError) in try value.jq() },
      onUnknown: try keys.optional("on_unknown") { value throws(UserError) in
        try value.word("rule for unknown outcomes")
      } ?? context.onUnknown ?? (isSafe ? .repeat : .void),
      poll: poll, again: again, batch: batch)
  }

  private func miss(_ keys: YAMLMapping) throws(UserError) -> String? {
    try keys.optional("miss") { value throws(UserError) in try value.jq() }
  }

  /// A response that is not ready needs somebody who asks again.
  private func checkPending(
    _ rules: [ResponseRule], isHandled: Bool, _ poll: PollPlan?
  ) throws(UserError) {
    guard rules.contains(where: { $0.meaning == .pending }), !isHandled, poll == nil else { return }
    throw error(
      "a rule of \(title) says “pending”, and nothing says how it is asked again",
      remedy: "Add “repeat:” to ask the same again, or “poll:”")
  }

  // MARK: Requests

  private func requests(
    _ keys: YAMLMapping, _ sets: [[InputName]], _ names: Set<String>
  ) throws(UserError) -> [RequestTemplate] {
    if let single = keys["request"], keys["requests"] == nil {
      return [try single.request(names)]
    }
    guard let list = keys["requests"], keys["request"] == nil else {
      throw error(
        "\(title) needs either “request” or “requests”",
        remedy: "Write one request, or a list with one for each input set")
    }
    var requests: [RequestTemplate] = []
    for item in try list.items() { requests.append(try item.request(names, sets)) }
    for set in sets where !requests.contains(where: { $0.inputs == nil || $0.inputs == set }) {
      let words = set.map(\.rawValue).joined(separator: ", ")
      throw list.error("no request of \(title) is for the inputs [\(words)]")
    }
    return requests
  }

  private func request(
    _ names: Set<String>, _ sets: [[InputName]]? = nil
  ) throws(UserError) -> RequestTemplate {
    let keys = try mapping(of: HTTPKeys.request)
    let inputs = try keys.optional("with") { value throws(UserError) in
      try value.inputSet(among: sets)
    }
    let known = inputs.map { Set($0.map(\.rawValue)) } ?? names
    let body = try body(keys, known)
    let method = try keys["method"]?.text() ?? (body == nil ? "GET" : "POST")
    guard HTTPKeys.methods.contains(method) else {
      throw (keys["method"] ?? self).unknownWord(method, "method", among: HTTPKeys.methods)
    }
    let target = try target(keys, known)
    return RequestTemplate(
      inputs: inputs, method: method, target: target.template, isAbsolute: target.isAbsolute,
      query: try keys.optional("query") { value throws(UserError) in
        try value.parameters(knowing: known)
      } ?? [],
      headers: try keys.optional("headers") { value throws(UserError) in
        try value.headerTemplates(knowing: known)
      } ?? [], body: body)
  }

  private func inputSet(among sets: [[InputName]]?) throws(UserError) -> [InputName] {
    var set: [InputName] = []
    for item in try items() { set.append(try item.inputName()) }
    guard let sets, sets.contains(set) else {
      throw error(
        "\(title) is none of the offer's input sets",
        remedy: "Write one of them, in the same order")
    }
    return set
  }

  private func target(
    _ keys: YAMLMapping, _ known: Set<String>
  ) throws(UserError) -> (template: Template, isAbsolute: Bool) {
    switch (keys["path"], keys["url"]) {
    case (let path?, nil):
      let template = try path.template(knowing: known)
      guard case .text(let start) = template.parts.first, start.hasPrefix("/") else {
        throw path.error("\(path.title) does not begin with a slash", remedy: "Write /…")
      }
      return (template, false)
    case (nil, let url?):
      let template = try url.template(knowing: known)
      guard case .text(let start) = template.parts.first,
        start.hasPrefix("https://") || start.hasPrefix("http://")
      else { throw url.error("\(url.title) is no URL", remedy: "Write https:// and the host") }
      return (template, true)
    default:
      throw error("\(title) needs either “path” or “url”")
    }
  }

  private func body(
    _ keys: YAMLMapping, _ known: Set<String>
  ) throws(UserError) -> RequestTemplate.Body? {
    switch (keys["json"], keys["form"]) {
    case (nil, nil): return nil
    case (let json?, nil): return .json(try json.jsonTemplate(knowing: known))
    case (nil, let form?): return .form(try form.parameters(knowing: known))
    default: throw error("\(title) has two bodies", remedy: "Keep “json” or “form”")
    }
  }

  // MARK: Later exchanges

  private func poll(
    _ names: Set<String>, _ context: OperationContext
  ) throws(UserError) -> PollPlan {
    let keys = try mapping(of: HTTPKeys.poll)
    let own = try keys.optional("rules") { value throws(UserError) in try value.rules() } ?? []
    return PollPlan(
      job: try keys.required("job").jq(), every: try keys.required("every").span(),
      most: try keys.required("most").span(),
      request: try keys.required("request").request(names.union(["job"])),
      rules: own + context.rules)
  }

  private func batch(_ names: Set<String>) throws(UserError) -> BatchPlan {
    let keys = try mapping(of: HTTPKeys.batch)
    return BatchPlan(
      most: try keys.required("most").whole(in: 2...10_000),
      wait: try keys.required("wait").span(),
      request: try keys.required("request").request(["items"]),
      item: try keys.required("item").jsonTemplate(knowing: names.union(["item"])),
      items: try keys.required("items").jq(),
      reference: try keys.optional("ref") { value throws(UserError) in try value.jq() })
  }
}
