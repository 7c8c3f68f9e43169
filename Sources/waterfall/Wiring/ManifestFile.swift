import Foundation
import WaterfallCore
import WaterfallProviders

/// A manifest with the fixtures that belong to it, wherever both are kept.
struct ManifestFile {
  let manifest: NamedText
  let fixtures: NamedText?

  /// The manifests that the arguments name: bundled providers, files, and directories of files.
  /// All bundled ones where nothing is named.
  ///
  /// Throws `UserError` for a name that is neither.
  static func all(_ arguments: [String]) throws(UserError) -> [ManifestFile] {
    let catalog = try ProviderCatalog.bundled()
    guard !arguments.isEmpty else { return catalog.all.map(bundled) }
    var files: [ManifestFile] = []
    for argument in arguments {
      guard isPath(argument, catalog) else {
        files.append(bundled(try catalog.manifest(argument)))
        continue
      }
      for text in try TextFile.manifests(at: argument) { files.append(try beside(text)) }
    }
    return files
  }

  /// A provider’s name wins over a file of the same name; `./name` is the file.
  private static func isPath(_ argument: String, _ catalog: ProviderCatalog) -> Bool {
    if argument.contains("/") || argument.contains(".") { return true }
    return catalog.manifests[ProviderID(argument)] == nil
      && FileManager.default.fileExists(atPath: argument)
  }

  private static func bundled(_ manifest: Manifest) -> ManifestFile {
    ManifestFile(
      manifest: NamedText(name: manifest.file, text: manifest.text),
      fixtures: ProviderCatalog.bundledFixturesText(of: manifest.id))
  }

  /// A user’s manifest; its fixtures are in `fixtures/<id>.yaml` in the same folder.
  private static func beside(_ text: NamedText) throws(UserError) -> ManifestFile {
    let url = URL(filePath: text.name)
    let stem = url.deletingPathExtension().lastPathComponent
    let id = (try? Manifest(parsing: text.text, file: text.name))?.id.rawValue ?? stem
    let path = fixturesPath(of: id, besideManifest: text.name)
    guard FileManager.default.fileExists(atPath: path) else {
      return ManifestFile(manifest: text, fixtures: nil)
    }
    return ManifestFile(
      manifest: text, fixtures: NamedText(name: path, text: try TextFile.read(path)))
  }

  /// `folder/fixtures/<id>.yaml`.
  static func fixturesPath(of id: String, besideManifest path: String) -> String {
    let folder = path.split(separator: "/", omittingEmptySubsequences: false).dropLast()
      .joined(separator: "/")
    return (path.contains("/") ? folder + "/" : "") + "fixtures/\(id).yaml"
  }
}
