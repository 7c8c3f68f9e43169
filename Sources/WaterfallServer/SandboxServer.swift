import Foundation
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
    } catch is SocketAddressError.UnknownHost {
      throw UserError(
        .input, "the host “\(options.host)” has no address", place: "--host",
        remedy: "Name an address of this machine, such as 127.0.0.1.")
    } catch let error as IOError {
      throw refusal(of: error)
    }
  }

  // MARK: Where the address cannot be listened on

  private var address: String {
    (options.host.contains(":") ? "[\(options.host)]" : options.host) + ":\(options.port)"
  }

  private func refusal(of error: IOError) -> UserError {
    switch error.errnoCode {
    case EADDRINUSE:
      UserError(
        .input, "the port is in use: somebody listens on \(address) already", place: "--port",
        remedy: "End that one, or name another port; 0 is any that is free.")
    case EADDRNOTAVAIL:
      UserError(
        .input, "\(options.host) is no address of this machine", place: "--host",
        remedy: "Name one that is, such as 127.0.0.1.")
    case EACCES, EPERM:
      UserError(
        .input, "you may not listen on \(address)", place: "--port",
        remedy: "Ports below 1024 are often for the administrator alone; name a higher one.")
    default:
      UserError(
        .io, "cannot listen on \(address): \(String(cString: strerror(error.errnoCode)))",
        remedy: "Name another --host or --port; port 0 is any that is free.")
    }
  }
}
