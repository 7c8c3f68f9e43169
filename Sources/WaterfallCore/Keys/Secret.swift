/// A provider's key. However it is printed, interpolated or dumped, it shows `<key of hunter>`.
///
/// Whoever sends it takes the text by `reveal()`, at the last moment, and hands it on to nothing
/// that prints.
public struct Secret: Sendable {
  public let provider: ProviderID
  private let text: String

  public init(_ text: String, of provider: ProviderID) {
    self.text = text
    self.provider = provider
  }

  /// The key itself.
  public func reveal() -> String { text }
}

extension Secret: CustomStringConvertible, CustomDebugStringConvertible, CustomReflectable {
  public var description: String { "<key of \(provider)>" }
  public var debugDescription: String { description }
  /// Without children, so that `dump` finds nothing.
  public var customMirror: Mirror { Mirror(self, children: EmptyCollection<Mirror.Child>()) }
}
