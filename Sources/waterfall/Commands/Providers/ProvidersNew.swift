import ArgumentParser
import Foundation
import WaterfallCore
import WaterfallProviders
import WaterfallRuns

extension ProvidersCommand {
  /// `waterfall providers new`: a manifest to start from.
  struct New: ParsableCommand {
    static let configuration = CommandConfiguration(
      abstract: "Write a manifest to start from, with its fixtures.",
      discussion: """
        What only the provider's documentation can say is marked TODO; “providers lint” lists it. \
        No file is ever overwritten.
        """)

    @Argument(help: ArgumentHelp("The provider's name in commands.", valueName: "id"))
    var id: String

    @Option(help: "finder or verifier.")
    var kind = "finder"

    @Option(help: "What it finds or verifies.")
    var field = Field.workEmail.rawValue

    @Option(
      name: [.short, .long],
      help: ArgumentHelp(
        "The manifest's file (default: ID.yaml); the fixtures go into fixtures/ beside it.",
        valueName: "file"))
    var output: String?

    func run() throws {
      guard let kind = ManifestSkeleton.Kind(rawValue: kind) else {
        let known = ManifestSkeleton.Kind.allCases.map(\.rawValue)
        throw UserError(
          .usage, "“\(self.kind)” is no kind of provider", place: "--kind",
          remedy: Suggestion.sentence(for: self.kind, among: known)
            ?? "Write one of \(known.joined(separator: ", ")).")
      }
      let skeleton = try ManifestSkeleton(id, kind, try Field.named(field, place: "--field"))
      let path = output ?? "\(id).yaml"
      let fixtures = ManifestFile.fixturesPath(of: id, besideManifest: path)
      try Self.checkFolder(of: path)
      for file in [path, fixtures] { try Self.checkIsNew(file) }
      try Self.write(skeleton.manifest, to: path)
      try Self.write(skeleton.fixtures, to: fixtures)
      let console = Console.standard
      console.say("wrote \(path) and \(fixtures)")
      if try ProviderCatalog.bundled().manifests[ProviderID(id)] != nil {
        console.say("with --providers \(path) it replaces the bundled provider \(id)")
      }
      console.say("next: waterfall providers lint \(path)")
    }

    /// A folder that is not there is most likely misspelt. That of the fixtures is ours to make.
    private static func checkFolder(of path: String) throws(UserError) {
      let folder = path.split(separator: "/", omittingEmptySubsequences: false).dropLast()
        .joined(separator: "/")
      var isFolder = ObjCBool(false)
      guard !folder.isEmpty,
        !FileManager.default.fileExists(atPath: folder, isDirectory: &isFolder)
          || !isFolder.boolValue
      else { return }
      let exists = FileManager.default.fileExists(atPath: folder)
      throw UserError(
        .input, exists ? "this is a file, not a directory" : "there is no such directory",
        place: folder,
        remedy: exists ? "Name another file with --output." : "Create it, or name another file.")
    }

    private static func checkIsNew(_ path: String) throws(UserError) {
      guard FileManager.default.fileExists(atPath: path) else { return }
      throw UserError(
        .input, "this file is there already, and is left as it is", place: path,
        remedy: "Name another one with --output, or remove it first.")
    }

    private static func write(_ text: String, to path: String) throws(UserError) {
      let url = URL(filePath: path)
      do {
        try FileManager.default.createDirectory(
          at: url.deletingLastPathComponent(), withIntermediateDirectories: true)
        try Data(text.utf8).write(to: url, options: .withoutOverwriting)
      } catch {
        throw UserError(
          .io, "cannot write this file", place: path,
          remedy: "Check that the folder is there and may be written to.")
      }
    }
  }
}
