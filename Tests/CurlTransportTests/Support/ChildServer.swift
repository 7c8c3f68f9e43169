import Foundation
import TestSupport

/// A server that is a program of its own: openssl or nginx, where the machine has them.
final class ChildServer {
  let port: Int
  private let temporary: TemporaryFolder
  var folder: URL { temporary.url }
  private let backend: Int
  private let process = Process()
  /// While this is open, the program runs: it ends with these tests, however they end.
  private let life = Pipe()

  static let hasOpenSSL = find("openssl") != nil
  static let hasNginx = hasOpenSSL && find("nginx") != nil

  /// A certificate for `localhost` and 127.0.0.1 that signs itself, and its key.
  var certificate: URL { folder.appendingPathComponent("certificate.pem") }
  private var key: URL { folder.appendingPathComponent("key.pem") }

  enum Kind {
    /// Answers with a page about the connection.
    case openssl
    /// Speaks HTTP/2, and logs which connection a request came by.
    case nginx
  }

  /// - Parameter backend: The port of whoever answers what is below `/behind`. Of nginx only.
  init(_ kind: Kind, backend: Int = 9) async throws {
    port = try Sockets.freePort()
    self.backend = backend
    temporary = try TemporaryFolder()
    try makeCertificate()
    switch kind {
    case .openssl:
      try start(
        "openssl", "s_server", "-quiet", "-www", "-accept", "127.0.0.1:\(port)", "-cert",
        certificate.path, "-key", key.path)
    case .nginx:
      let file = folder.appendingPathComponent("nginx.conf")
      try configuration.write(to: file, atomically: true, encoding: .utf8)
      try start("nginx", "-p", folder.path, "-c", file.path, "-e", "error.log")
    }
    try await waitUntilItListens()
  }

  deinit {
    try? life.fileHandleForWriting.close()
    process.waitUntilExit()
  }

  /// The lines that nginx has logged: connection, protocol and target.
  var log: [[Substring]] {
    let file = folder.appendingPathComponent("access.log")
    guard let text = try? String(contentsOf: file, encoding: .utf8) else { return [] }
    return text.split(separator: "\n").map { $0.split(separator: " ") }
  }

  private var configuration: String {
    """
    daemon off;
    master_process off;
    pid nginx.pid;
    events { worker_connections 512; }
    http {
      log_format lines '$connection $server_protocol $request_uri';
      access_log access.log lines;
      client_body_temp_path body;
      proxy_temp_path proxy;
      fastcgi_temp_path fastcgi;
      uwsgi_temp_path uwsgi;
      scgi_temp_path scgi;
      default_type text/plain;
      server {
        listen 127.0.0.1:\(port) ssl http2;
        ssl_certificate \(certificate.path);
        ssl_certificate_key \(key.path);
        location /behind { proxy_pass http://127.0.0.1:\(backend); }
        location /away { return 302 https://localhost:\(port)/there; }
        location / { return 200 "$request_method $request_uri $http_x_key"; }
      }
    }
    """
  }

  private func makeCertificate() throws {
    guard let path = Self.find("openssl") else { throw Sockets.Refused(what: "openssl", code: 0) }
    let maker = Process()
    maker.executableURL = URL(fileURLWithPath: path)
    maker.arguments = [
      "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-days", "2", "-subj", "/CN=localhost",
      "-addext", "subjectAltName=DNS:localhost,IP:127.0.0.1", "-keyout", key.path, "-out",
      certificate.path,
    ]
    maker.standardOutput = FileHandle.nullDevice
    maker.standardError = FileHandle.nullDevice
    maker.standardInput = FileHandle.nullDevice
    try maker.run()
    maker.waitUntilExit()
  }

  private func start(_ name: String, _ arguments: String...) throws {
    guard let path = Self.find(name) else { throw Sockets.Refused(what: name, code: 0) }
    process.executableURL = URL(fileURLWithPath: "/bin/sh")
    // The threads that tests run on block signals, and a child inherits that; but not for this one.
    let script = "\"$@\" & child=$!; read line; kill -KILL $child"
    process.arguments = ["-c", script, "sh", path] + arguments
    process.standardOutput = FileHandle.nullDevice
    process.standardError = FileHandle.nullDevice
    process.standardInput = life
    try process.run()
    try life.fileHandleForReading.close()
  }

  private func waitUntilItListens() async throws {
    for _ in 0..<2_000 where process.isRunning {
      let probe = Sockets.startConnecting(to: port)
      try await Task.sleep(for: .milliseconds(30))
      let isConnected = Sockets.isConnected(probe)
      _ = Sockets.close(probe)
      if isConnected { return }
    }
    throw Sockets.Refused(what: "the program does not listen", code: 0)
  }

  private static func find(_ name: String) -> String? {
    let path = ProcessInfo.processInfo.environment["PATH"] ?? "/usr/bin"
    let folders: [String] = path.split(separator: ":").map(String.init) + ["/usr/sbin"]
    return folders.map { "\($0)/\(name)" }
      .first { FileManager.default.isExecutableFile(atPath: $0) }
  }
}
