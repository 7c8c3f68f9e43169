public import WaterfallCore

/// Reads the text of a `waterfall.yaml`, strictly.
public enum ConfigurationFile {
  /// The configuration that a text describes. Reads no other file: `providers` holds the paths as
  /// written. Throws `UserError` with file, line and column for anything not understood.
  ///
  /// - Parameter file: the name that messages give the file.
  public static func read(_ text: String, file: String) throws(UserError) -> Configuration {
    let document = try YAMLValue(
      parsing: text, file: file, example: "columns: [{field: work_email}]")
    let keys = try document.mapping(of: ConfigurationKeys.document)
    var configuration = Configuration()
    for item in try keys["columns"]?.columnItems() ?? [] {
      configuration.columns.append(try item.column())
    }
    try refuseRepeatedNames(configuration.columns)
    configuration.map = try keys["map"]?.overrides() ?? []
    configuration.condition = try keys["where"]?.text()
    configuration.conditionPlace = keys["where"]?.place
    try readLimits(keys, into: &configuration)
    configuration.ragged = try keys["ragged"]?.word("treatment of ragged rows")
    for item in try keys["providers"]?.items() ?? [] {
      configuration.providers.append(PlacedText(text: try item.text(), place: item.place))
    }
    return configuration
  }

  private static func readLimits(
    _ keys: YAMLMapping, into configuration: inout Configuration
  ) throws(UserError) {
    configuration.limit = try keys["limit"]?.whole(in: 1...Int64.max)
    if let value = keys["rows"] {
      configuration.rows = try RowRange(parsing: try value.text(), place: value.place)
    }
    configuration.overwrite = try keys["overwrite"]?.flag()
    configuration.provenance = try keys["provenance"]?.flag()
    configuration.maxCredits = try keys["max_credits"]?.budget()
    configuration.maxCreditsPerRow = try keys["max_credits_per_row"]?.budget()
    configuration.seed = try keys["seed"]?.whole(in: 0...UInt64.max)
  }

  private static func refuseRepeatedNames(_ columns: [ColumnRequest]) throws(UserError) {
    var places: [String: String] = [:]
    for column in columns {
      let name = column.name ?? column.field.rawValue
      if let other = places.updateValue(column.place, forKey: name) {
        throw UserError(
          .input, "two columns are called “\(name)”; the other is at \(other)",
          place: column.place, remedy: "Give one of them another name")
      }
    }
  }
}

extension YAMLValue {
  /// The columns: a list of mappings, where a name alone is what people write first.
  fileprivate func columnItems() throws(UserError) -> [YAMLValue] {
    guard !isScalar else {
      throw error(
        "\(title) is \(shape), not a list of columns",
        remedy: "Write columns: [{field: \(try text())}]")
    }
    return try items()
  }

  fileprivate func column() throws(UserError) -> ColumnRequest {
    guard !isScalar else {
      throw error(
        "\(title) is \(shape), not a mapping of keys to values",
        remedy: "Write {field: \(try text())}")
    }
    let keys = try mapping(of: ConfigurationKeys.column)
    let field: Field = try keys.required("field").word("field")
    var column = ColumnRequest(field: field, place: place)
    column.name = try keys["name"]?.text()
    column.steps = try keys["steps"]?.steps()
    column.verifier = try keys["verify"]?.step()
    column.condition = try keys["where"]?.text()
    column.conditionPlace = keys["where"]?.place
    column.accept = try keys["accept"]?.word("acceptance rule")
    column.charge = try keys["charge"]?.word("charge policy")
    column.refund = try keys["refund"]?.word("refund policy")
    column.inputs = try keys["inputs"]?.overrides() ?? []
    return column
  }

  private func steps() throws(UserError) -> [StepRequest] {
    var steps: [StepRequest] = []
    for item in try items() {
      let step = try item.step()
      guard !steps.contains(where: { $0.provider == step.provider }) else {
        throw item.error(
          "\(step.provider) is asked twice in \(title)", remedy: "Leave one of the steps out")
      }
      steps.append(step)
    }
    guard !steps.isEmpty else {
      throw error(
        "\(title) is an empty list", remedy: "Leave “steps” out for the default waterfall")
    }
    return steps
  }

  /// A provider’s name, or a mapping with its name and more.
  private func step() throws(UserError) -> StepRequest {
    if isScalar { return StepRequest(provider: try text(), place: place) }
    let keys = try mapping()
    if let price = keys["price"] {
      throw price.error(
        "a step has no price of its own",
        remedy: "The price is the provider’s: write a manifest with the same id to change it")
    }
    let known = try mapping(of: ConfigurationKeys.step)
    let provider = try known.required("provider")
    return StepRequest(
      provider: try provider.text(), condition: try known["when"]?.text(),
      conditionPlace: known["when"]?.place,
      key: try known["key"]?.word("kind of key"), place: provider.place)
  }

  /// A mapping from inputs to headers.
  fileprivate func overrides() throws(UserError) -> [InputOverride] {
    var overrides: [InputOverride] = []
    for entry in try mapping().entries {
      overrides.append(
        InputOverride(
          input: try entry.key.inputName(), header: try entry.value.text(),
          place: entry.value.place))
    }
    return overrides
  }
}
