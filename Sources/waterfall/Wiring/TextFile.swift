import Foundation
import WaterfallCore
import WaterfallProviders

/// Reading the small text files that users write.
enum TextFile {
  static func read(_ path: String) throws(UserError) -> String {
    guard let data = FileManager.default.contents(atPath: path) else {
      var isFolder = ObjCBool(false)
      let exists = FileManager.default.fileExists(atPath: path, isDirectory: &isFolder)
      let what =
        !exists
        ? "there is no such file"
        : isFolder.boolValue ? "this is a directory, not a file" : "this file cannot be read"
      throw UserError(.input, what, place: path, remedy: "Check the path.")
    }
    guard let text = String(data: data, encoding: .utf8) else {
      throw UserError(.input, "this is not UTF-8 text", place: path, remedy: "Save it as UTF-8.")
    }
    return text
  }

  /// The manifests in a file, or in all YAML files of a directory, by name.
  static func manifests(at path: String) throws(UserError) -> [NamedText] {
    var isFolder = ObjCBool(false)
    guard FileManager.default.fileExists(atPath: path, isDirectory: &isFolder), isFolder.boolValue
    else { return [NamedText(name: path, text: try read(path))] }
    let names = (try? FileManager.default.contentsOfDirectory(atPath: path)) ?? []
    var texts: [NamedText] = []
    for name in names.sorted() where name.hasSuffix(".yaml") || name.hasSuffix(".yml") {
      let file = "\(path)/\(name)"
      texts.append(NamedText(name: file, text: try read(file)))
    }
    guard !texts.isEmpty else {
      throw UserError(
        .input, "the directory has no manifests", place: path, remedy: "Put .yaml files into it.")
    }
    return texts
  }
}
