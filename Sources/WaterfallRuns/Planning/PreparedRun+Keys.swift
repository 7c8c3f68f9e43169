public import WaterfallCore
import WaterfallProviders

extension PreparedRun {
  /// A key that a run asks with.
  public struct NeededKey: Hashable, Sendable {
    public let provider: ProviderID
    public let source: KeySource
    /// Whether the provider can be asked without it, too.
    public let isOptional: Bool
    /// Whether the provider wants two parts, `identifier:secret`.
    public let isPair: Bool
  }

  /// The keys that the run may ask with, in the order of its steps. None in a simulation, also over
  /// sockets, and none for tables. Throws `UserError` for a plan whose manifests cannot be read.
  public func neededKeys() throws(UserError) -> [NeededKey] {
    guard !plan.isSimulated else { return [] }
    let catalog = try plan.pinnedCatalog()
    var keys: [NeededKey] = []
    for column in plan.columns {
      for step in column.steps + (column.verifier.map { [$0] } ?? []) where step.isOff != true {
        let manifest = try catalog.manifest(step.provider.rawValue)
        guard manifest.takesKey else { continue }
        let key = NeededKey(
          provider: step.provider, source: step.keySource, isOptional: !manifest.needsKey,
          isPair: manifest.takesPair)
        if !keys.contains(key) { keys.append(key) }
      }
    }
    return keys
  }
}
