/// Where one key comes from. It says nothing of the key itself.
public struct KeyOrigin: Sendable, Equatable {
  public enum Place: Sendable, Equatable {
    /// An environment variable of this name.
    case variable(String)
    /// The key file of this name.
    case file(String)
    /// A command that the key file of this name holds.
    case command(String, file: String)

    /// `the variable WATERFALL_KEY_HUNTER`
    public var words: String {
      switch self {
      case .variable(let name): "the variable \(name)"
      case .file(let file): "the file \(file)"
      case .command(let command, _): "the command \(command)"
      }
    }
  }

  public let provider: ProviderID
  public let source: KeySource
  public let place: Place
  /// False where a variable comes before it.
  public let isUsed: Bool

  public init(provider: ProviderID, source: KeySource, place: Place, isUsed: Bool) {
    self.provider = provider
    self.source = source
    self.place = place
    self.isUsed = isUsed
  }
}
