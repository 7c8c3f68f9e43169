public import WaterfallCore

/// Where the keys come from, in the order given. It has nothing of the keys themselves.
public struct KeyList: Sendable {
  public static let schema = "waterfall.keys/1"

  private let origins: [KeyOrigin]

  public init(_ origins: [KeyOrigin]) { self.origins = origins }

  public var text: String {
    guard !origins.isEmpty else { return "No keys yet.\n" }
    var table = TextTable([.init("provider"), .init("key"), .init("used"), .init("from")])
    for origin in origins {
      table.add([
        origin.provider.rawValue, origin.source.rawValue, origin.isUsed ? "yes" : "no",
        origin.place.words,
      ])
    }
    return Phrases.text(table.lines())
  }

  public var json: JSONValue {
    .object(["schema": .string(Self.schema), "keys": .array(origins.map(json))])
  }

  private func json(_ origin: KeyOrigin) -> JSONValue {
    var (from, variable, file, command) = ("", JSONValue.null, JSONValue.null, JSONValue.null)
    switch origin.place {
    case .variable(let name): (from, variable) = ("variable", .string(name))
    case .file(let name): (from, file) = ("file", .string(name))
    case .command(let text, let name):
      (from, file, command) = ("command", .string(name), .string(text))
    }
    return .object([
      "provider": .string(origin.provider.rawValue), "key": .string(origin.source.rawValue),
      "from": .string(from), "variable": variable, "file": file, "command": command,
      "used": .bool(origin.isUsed),
    ])
  }
}
