import Foundation
import PackagePlugin

/// Turns every YAML file under `providers/` into one Swift file of the target.
///
/// Each file is an input of the command, so that a changed, added or removed manifest is embedded
/// by the next build without a change of code.
@main struct EmbedManifests: BuildToolPlugin {
  func createBuildCommands(context: PluginContext, target: any Target) throws -> [Command] {
    let folder = context.package.directoryURL.appending(path: "providers")
    let files = try FileManager.default.subpathsOfDirectory(atPath: folder.path)
      .filter { $0.hasSuffix(".yaml") }.sorted()
    let inputs = files.map { folder.appending(path: $0) }
    let output = context.pluginWorkDirectoryURL.appending(path: "EmbeddedTexts.swift")
    return [
      .buildCommand(
        displayName: "Embedding \(files.count) files of providers/",
        executable: try context.tool(named: "embed-manifests").url,
        arguments: [output.path, folder.path] + files,
        inputFiles: inputs, outputFiles: [output])
    ]
  }
}
