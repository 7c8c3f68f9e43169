public import WaterfallCore

/// With what programs are asked: everything that is not in their manifests.
public struct CommandAccess: Sendable {
  /// The key of a provider, as the user keeps it.
  public typealias KeyReader = @Sendable (ProviderID, KeySource) throws(UserError) -> Secret
  public typealias Clock = @Sendable () -> ContinuousClock.Instant

  let runner: any CommandRunner
  /// The environment that programs get a part of.
  let variables: [String: String]
  let key: KeyReader
  let redaction: Redaction
  /// Told in words what went wrong with a program as such.
  let note: @Sendable (String) -> Void
  let now: Clock

  public init(
    runner: any CommandRunner, variables: [String: String], redaction: Redaction,
    now: @escaping Clock = { ContinuousClock.now },
    note: @escaping @Sendable (String) -> Void = { _ in }, key: @escaping KeyReader
  ) {
    self.runner = runner
    self.variables = variables
    self.key = key
    self.redaction = redaction
    self.note = note
    self.now = now
  }

  /// What a program gets of the environment.
  func environment(for section: CommandSection) -> [String: String] {
    let names = CommandSection.usualEnvironment + section.environment
    return variables.filter { names.contains($0.key) }
  }
}
