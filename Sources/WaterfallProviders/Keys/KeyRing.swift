import Synchronization
public import WaterfallCore

/// The keys of the providers: from environment variables, from the key file, or from commands that
/// the key file names, in this order.
///
/// A key is looked at only for a run that asks its provider, and at most once: a command, which may
/// want somebody's fingerprint, runs once in a process or not at all.
public final class KeyRing: Sendable {
  private let variables: KeyVariables
  private let file: KeyFile
  private let commands: any KeyCommands
  private let redaction: Redaction
  private let resolutions = Mutex<[Slot: Resolution]>([:])

  private struct Slot: Hashable {
    let provider: ProviderID
    let source: KeySource
  }

  /// The outcome of looking at a key, once it is known. Who comes meanwhile waits for it.
  private final class Resolution: Sendable {
    let result = Mutex<Result<Secret, UserError>?>(nil)
  }

  /// - Parameter redaction: is told of every key before anybody gets it.
  public init(
    variables: KeyVariables, file: KeyFile, commands: any KeyCommands, redaction: Redaction
  ) {
    self.variables = variables
    self.file = file
    self.commands = commands
    self.redaction = redaction
  }

  /// Whose key there is for a provider: the user's own wins over the operator's; nil where there is
  /// none. No key is looked at and no command runs. O(1).
  public func source(of provider: ProviderID) -> KeySource? {
    [.own, .managed].first { has(provider, $0) }
  }

  /// Whether there is a key of this kind, as far as can be told without looking at it.
  public func has(_ provider: ProviderID, _ source: KeySource) -> Bool {
    variables.text(of: provider, source) != nil || file[provider, source] != nil
  }

  /// The key of a provider. May run a command and wait for it.
  ///
  /// Throws `UserError` where there is no such key, where it is none, or where its command fails;
  /// the same one whenever it is asked again.
  public func secret(
    of provider: ProviderID, _ source: KeySource
  ) throws(UserError) -> Secret {
    let resolution = resolutions.withLock { resolutions in
      let slot = Slot(provider: provider, source: source)
      if let known = resolutions[slot] { return known }
      let new = Resolution()
      resolutions[slot] = new
      return new
    }
    let result = resolution.result.withLock { result in
      if let result { return result }
      let found = Result { () throws(UserError) in try find(provider, source) }
      result = found
      return found
    }
    return try result.get()
  }

  private func find(
    _ provider: ProviderID, _ source: KeySource
  ) throws(UserError) -> Secret {
    let name = KeyVariables.name(of: provider, source)
    let secret: Secret
    if let text = variables.text(of: provider, source) {
      let key = try KeyText.key(
        text, place: name, remedy: "Put the key alone into it: export \(name)=…, or unset it.")
      secret = Secret(key, of: provider)
    } else {
      switch file[provider, source] {
      case .key(let key): secret = key
      case .command(let command): secret = try run(command, of: provider, source)
      case nil: throw .missingKey(of: provider, source, place: file.name)
      }
    }
    redaction.add(secret)
    return secret
  }
}

// MARK: Commands

extension KeyRing {
  private func run(
    _ command: String, of provider: ProviderID, _ source: KeySource
  ) throws(UserError) -> Secret {
    let result = commands.run(command)
    let line = result.firstLine
    // Also the first words of a command that fails: they may be the key all the same.
    if let line, line.utf8.count >= 4 { redaction.add(Secret(line, of: provider)) }
    func failure(_ what: String) -> UserError {
      let complaint = redaction.cleaned(result.complaint)
      return UserError(
        .input, "the command for the \(source.title) of \(provider) \(what): \(command)",
        place: file.name,
        remedy: (complaint.isEmpty ? "" : "It said: \(Self.sentence(complaint)) ")
          + "Run it in a shell to see why. Nothing was charged.")
    }
    switch result.ending {
    case .exited(0): break
    case .exited(let status): throw failure("failed with status \(status)")
    case .killed(let signal): throw failure("was ended by signal \(signal)")
    case .overdue(let seconds): throw failure("did not end within \(Self.words(seconds))")
    case .notStarted(let reason): throw failure("could not be started (\(reason))")
    }
    guard let line else { throw failure("printed something that is not UTF-8 text") }
    guard !line.isEmpty else {
      throw failure(
        result.output.isEmpty ? "printed nothing" : "printed an empty first line")
    }
    let text: String
    do {
      text = try KeyText.key(line)
    } catch {
      throw failure("printed no key: \(error.message)")
    }
    return Secret(text, of: provider)
  }

  private static func sentence(_ text: String) -> String {
    text.last.map { ".!?".contains($0) } == true ? text : text + "."
  }

  private static func words(_ seconds: Double) -> String {
    seconds == seconds.rounded() ? "\(Int(seconds)) seconds" : "\(seconds) seconds"
  }
}

// MARK: What there is

extension KeyRing {
  /// Every key there is, by provider; the user's own first, variables before the file.
  public var origins: [KeyOrigin] {
    let providers = Set(
      KeySource.allCases.flatMap { variables.providers($0) + file.providers($0) })
    return providers.sorted().flatMap { provider in
      [KeySource.own, .managed].flatMap { origins(of: provider, $0) }
    }
  }

  /// Where the key comes from that is used; nil where there is none. O(1).
  public func origin(of provider: ProviderID, _ source: KeySource) -> KeyOrigin? {
    origins(of: provider, source).first
  }

  private func origins(of provider: ProviderID, _ source: KeySource) -> [KeyOrigin] {
    var found: [KeyOrigin] = []
    func add(_ place: KeyOrigin.Place) {
      found.append(
        KeyOrigin(provider: provider, source: source, place: place, isUsed: found.isEmpty))
    }
    if variables.text(of: provider, source) != nil {
      add(.variable(KeyVariables.name(of: provider, source)))
    }
    switch file[provider, source] {
    case .key: add(.file(file.name))
    case .command(let command): add(.command(command, file: file.name))
    case nil: break
    }
    return found
  }
}

extension UserError {
  /// There is no key for a provider that needs one: says how to set it.
  ///
  /// - Parameter place: where it was looked for, or where it is asked for.
  public static func missingKey(
    of provider: ProviderID, _ source: KeySource, place: String
  ) -> UserError {
    UserError(
      .input, "there is no \(source.title) of \(provider)", place: place,
      remedy: "Set it: \(KeyVariables.waysToSet(provider, source)). Nothing was charged.")
  }
}
