import Hummingbird
import Logging
import NIOCore
import ServiceLifecycle
import UnixSignals
import WaterfallCore
public import WaterfallProviders

/// A server that answers in the dialects of providers, out of a simulated world.
public struct SandboxServer: Sendable {
  private let options: SandboxOptions
  private let desk: SandboxDesk

  public init(_ dialects: [ProviderDialect], _ options: SandboxOptions) {
    self.options = options
    desk = SandboxDesk(dialects, options)
  }

  /// Serves until the process gets SIGTERM or SIGINT. `ready` is called with the port once
  /// requests are taken. Throws `UserError` where the address cannot be listened on.
  public func run(ready: @escaping @Sendable (Int) -> Void) async throws {
    var logger = Logger(label: "sandbox") { _ in SwiftLogNoOpLogHandler() }
    logger.logLevel = .critical
    let application = Application(
      responder: SandboxResponder(desk),
      configuration: ApplicationConfiguration(
        address: .hostname(options.host, port: options.port), backlog: 4096),
      onServerRunning: { channel in ready(channel.localAddress?.port ?? 0) },
      logger: logger)
    var configuration = ServiceGroupConfiguration(
      services: [.init(service: application, successTerminationBehavior: .gracefullyShutdownGroup)],
      gracefulShutdownSignals: [.sigterm, .sigint], logger: logger)
    // Whoever is being kept waiting on purpose is let go.
    configuration.maximumGracefulShutdownDuration = .seconds(1)
    do {
      try await ServiceGroup(configuration: configuration).run()
    } catch let error as IOError {
      throw UserError(
        .io, "cannot listen on \(options.host):\(options.port): \(error.description)",
        remedy: "Is the port in use? Give another one, or 0 for any that is free.")
    }
  }
}
