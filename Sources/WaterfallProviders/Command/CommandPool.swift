import Synchronization
public import WaterfallCore

/// The programs of one run. All columns that ask a program with the same key share it.
public final class CommandPool: Sendable {
  private let access: CommandAccess
  private let providers = Mutex<[Key: CommandProvider]>([:])

  private struct Key: Hashable {
    let provider: ProviderID
    let source: KeySource
  }

  public init(_ access: CommandAccess) { self.access = access }

  /// The provider of a manifest, which is in `folder`. Throws like `CommandProvider.init`.
  public func provider(
    _ manifest: Manifest, in folder: String, _ source: KeySource
  ) throws(UserError) -> CommandProvider {
    let key = Key(provider: manifest.id, source: source)
    if let known = providers.withLock({ $0[key] }) { return known }
    let provider = try CommandProvider(manifest, in: folder, source, access: access)
    return providers.withLock { providers in
      if let known = providers[key] { return known }
      providers[key] = provider
      return provider
    }
  }

  /// Ends all programs, and waits for that a few seconds; no question is sent any more.
  public func close() {
    let providers = providers.withLock { $0.values }
    guard !providers.isEmpty else { return }
    for provider in providers { provider.stop() }
    access.runner.waitForAll(atMost: .seconds(5))
    // One that is still there has had its time.
    access.runner.killAll()
  }

  /// Ends all programs at once, for a process that leaves without a word. Waits for nothing.
  public func kill() { access.runner.killAll() }
}
