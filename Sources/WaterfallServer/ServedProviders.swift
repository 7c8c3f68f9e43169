import Foundation
public import WaterfallCore
public import WaterfallProviders

/// The providers that a sandbox can serve: those with an `http` and a `simulation` section and
/// fixtures.
public struct ServedProviders: Sendable {
  public let dialects: [ProviderDialect]
  /// What the user should know, in words: providers of their own that are not served, and why.
  public let notes: [String]

  /// The bundled providers alone.
  public static func bundled() throws(UserError) -> ServedProviders { try all([]) }

  /// The bundled providers, and those at `paths`: manifests or directories of them, each with its
  /// fixtures in `fixtures/<id>.yaml` beside it. Throws `UserError` for whatever cannot be read.
  ///
  /// - Parameter areReliable: Whether the faults of the manifests' simulations are left out.
  public static func load(
    _ paths: [String], areReliable: Bool = false
  ) throws(UserError) -> ServedProviders {
    let found = try all(paths, areReliable: areReliable)
    guard !found.dialects.isEmpty else {
      throw UserError(
        .input, "there is no provider to serve",
        remedy: "A manifest needs “http”, “simulation”, and fixtures/<id>.yaml beside it")
    }
    return found
  }

  private static func all(
    _ paths: [String], areReliable: Bool = false
  ) throws(UserError) -> ServedProviders {
    var texts: [NamedText] = []
    for path in paths { texts += try manifests(at: path) }
    let bundled = try ProviderCatalog.bundled()
    let own = try ProviderCatalog(manifests: texts)
    var dialects: [ProviderDialect] = []
    var notes: [String] = []
    for manifest in try bundled.adding(texts).all {
      let isOwn = own.manifests[manifest.id] != nil
      if let reason = lack(manifest) {
        if isOwn { notes.append("\(manifest.id) is not served: \(reason)") }
        continue
      }
      var found = isOwn ? try fixtures(beside: manifest) : nil
      if found == nil { found = try ProviderCatalog.bundledFixtures(of: manifest.id) }
      guard let fixtures = found else {
        if isOwn { notes.append("\(manifest.id) is not served: it has no fixtures") }
        continue
      }
      let played = areReliable ? manifest.withoutSimulatedFaults : manifest
      dialects.append(try ProviderDialect(played, fixtures: fixtures))
    }
    return ServedProviders(dialects: dialects, notes: notes)
  }

  private static func lack(_ manifest: Manifest) -> String? {
    if manifest.http == nil { return "its manifest has no “http” section" }
    if manifest.simulation == nil { return "its manifest has no “simulation” section" }
    return nil
  }

  private static func fixtures(beside manifest: Manifest) throws(UserError) -> Fixtures? {
    let folder = URL(filePath: manifest.file).deletingLastPathComponent()
    let path = folder.appending(path: "fixtures/\(manifest.id).yaml").relativePath
    guard FileManager.default.fileExists(atPath: path) else { return nil }
    return try Fixtures(parsing: text(path), file: path)
  }

  private static func manifests(at path: String) throws(UserError) -> [NamedText] {
    var isFolder = ObjCBool(false)
    guard FileManager.default.fileExists(atPath: path, isDirectory: &isFolder), isFolder.boolValue
    else { return [NamedText(name: path, text: try text(path))] }
    let names = (try? FileManager.default.contentsOfDirectory(atPath: path)) ?? []
    var texts: [NamedText] = []
    for name in names.sorted() where name.hasSuffix(".yaml") || name.hasSuffix(".yml") {
      texts.append(NamedText(name: "\(path)/\(name)", text: try text("\(path)/\(name)")))
    }
    guard !texts.isEmpty else {
      throw UserError(
        .input, "the directory has no manifests", place: path, remedy: "Put .yaml files into it.")
    }
    return texts
  }

  /// The text of a small file. Throws `UserError` for one that is not there, or no UTF-8.
  public static func text(_ path: String) throws(UserError) -> String {
    guard let data = FileManager.default.contents(atPath: path) else {
      throw UserError(
        .input, "this file does not exist or cannot be read", place: path,
        remedy: "Check the path.")
    }
    guard let text = String(data: data, encoding: .utf8) else {
      throw UserError(.input, "this is not UTF-8 text", place: path, remedy: "Save it as UTF-8.")
    }
    return text
  }
}
