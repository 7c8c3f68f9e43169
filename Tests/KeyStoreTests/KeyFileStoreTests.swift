import Foundation
import Testing
import WaterfallCore
import WaterfallProviders

@testable import KeyStore

/// The key file on disk.
@Suite struct KeyFileStoreTests {
  static let hunter = ProviderID("hunter")

  let folder = URL.temporaryDirectory.appending(path: "waterfall-keys-\(UUID().uuidString)")
  var path: String { folder.appending(path: "deep/down/keys.yaml").path }
  var store: KeyFileStore { KeyFileStore(path: path, patience: .milliseconds(200)) }

  func cleanUp() { try? FileManager.default.removeItem(at: folder) }

  func set(_ text: String, of provider: String = "hunter") throws {
    try store.update { file throws(UserError) in
      let id = ProviderID(provider)
      file[id, .own] = .key(Secret(text, of: id))
    }
  }

  func key(_ provider: String = "hunter") throws -> String? {
    guard case .key(let secret) = try store.read()[ProviderID(provider), .own] else { return nil }
    return secret.reveal()
  }

  func mode(_ path: String) throws -> Int {
    let attributes = try FileManager.default.attributesOfItem(atPath: path)
    return try #require(attributes[.posixPermissions] as? Int)
  }

  func message(_ body: () throws -> Void) -> String {
    #expect(throws: UserError.self) { try body() }?.description ?? ""
  }

  @Test func aFileThatIsNotThereHasNoKeys() throws {
    defer { cleanUp() }
    #expect(try store.read().isEmpty)
    #expect(!FileManager.default.fileExists(atPath: folder.path))
  }

  @Test func theFileIsItsOwnersAlone() throws {
    defer { cleanUp() }
    try set("one")
    #expect(try mode(path) == 0o600)
    #expect(try mode(folder.appending(path: "deep/down").path) == 0o700)
    #expect(try mode(folder.path) == 0o700)
    #expect(try key() == "one")
    try set("two")
    #expect(try mode(path) == 0o600)
    #expect(try key() == "two")
  }

  @Test func theLastKeyTakesTheFileWithIt() throws {
    defer { cleanUp() }
    try set("one")
    try store.update { file throws(UserError) in file[Self.hunter, .own] = nil }
    let rest = try FileManager.default.contentsOfDirectory(
      atPath: folder.appending(path: "deep/down").path)
    #expect(rest == ["keys.yaml.lock"])
  }

  @Test(arguments: [
    (0o640, "read"), (0o604, "read"), (0o620, "write"), (0o602, "write"), (0o666, "read and write"),
  ])
  func aFileThatOthersMayUseIsRefused(mode: Int, can: String) throws {
    defer { cleanUp() }
    try set("sk_secret")
    try FileManager.default.setAttributes([.posixPermissions: mode], ofItemAtPath: path)
    let octal = String(mode, radix: 8)
    for text in [message { _ = try store.read() }, message { try set("other") }] {
      #expect(
        text == "\(path): other users may \(can) the key file (its mode is \(octal)). "
          + "“chmod 600 \(path)” keeps it to you.")
    }
    try FileManager.default.setAttributes([.posixPermissions: 0o600], ofItemAtPath: path)
    #expect(try key() == "sk_secret")
  }

  @Test(.enabled(if: geteuid() == 0, "only root can give a file away"))
  func aFileOfAnotherUserIsRefused() throws {
    defer { cleanUp() }
    try set("sk_secret")
    #expect(chown(path, 12_345, 12_345) == 0)
    #expect(message { _ = try store.read() }.contains("belongs to another user"))
    #expect(message { try set("other") }.contains("belongs to another user"))
  }

  /// The message is about the owner, whom root's file hides from everybody but root.
  @Test(.enabled(if: geteuid() != 0, "root may read everything"))
  func aFileThatMayNotBeReadIsNoFaultOfTheDisk() throws {
    defer { cleanUp() }
    try set("sk_secret")
    try FileManager.default.setAttributes([.posixPermissions: 0o200], ofItemAtPath: path)
    let error = #expect(throws: UserError.self) { _ = try store.read() }
    #expect(error?.code == .input)
    #expect(
      error?.message == "you may not read your own key file (its mode is 200)")
    #expect(error?.remedy == "“chmod 600 \(path)” allows it.")
  }

  @Test func whatIsNoFileIsRefused() throws {
    defer { cleanUp() }
    try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: true)
    #expect(message { _ = try store.read() }.contains("the key file is a directory"))
    try FileManager.default.removeItem(atPath: path)
    #expect(mkfifo(path, 0o600) == 0)
    #expect(message { _ = try store.read() }.contains("the key file is no file"))
  }

  @Test func bytesThatAreNoTextAreRefused() throws {
    defer { cleanUp() }
    try set("sk_secret")
    try Data([0x6F, 0xFF, 0x00]).write(to: URL(filePath: path))
    try FileManager.default.setAttributes([.posixPermissions: 0o600], ofItemAtPath: path)
    #expect(message { _ = try store.read() }.contains("is not UTF-8 text"))
    try String(repeating: "#", count: 2 << 20).write(
      toFile: path, atomically: false, encoding: .utf8)
    #expect(message { _ = try store.read() }.contains("larger than 1 MiB"))
  }

  /// Whoever has the old file open still sees the old one: it is replaced, not written over.
  @Test func theFileIsReplacedAsAWhole() throws {
    defer { cleanUp() }
    try set("one")
    let old = try #require(FileHandle(forReadingAtPath: path))
    try set("two")
    #expect(String(decoding: try #require(try old.readToEnd()), as: UTF8.self).contains("\"one\""))
    #expect(try key() == "two")
  }

  @Test func aChangeThatFailsLeavesTheFileAsItWas() throws {
    defer { cleanUp() }
    try set("one")
    let text = message {
      try store.update { file throws(UserError) in
        file[Self.hunter, .own] = nil
        throw UserError(.input, "no")
      }
    }
    #expect(text == "no")
    #expect(try key() == "one")
    #expect(
      try FileManager.default.contentsOfDirectory(atPath: folder.path + "/deep/down").count == 2)
  }

  @Test func aLinkLeadsToTheFileItself() throws {
    defer { cleanUp() }
    try set("one")
    let real = folder.appending(path: "real.yaml").path
    try FileManager.default.moveItem(atPath: path, toPath: real)
    try FileManager.default.createSymbolicLink(atPath: path, withDestinationPath: real)
    try set("two")
    #expect(try key() == "two")
    #expect(try FileManager.default.destinationOfSymbolicLink(atPath: path) == real)
    #expect(try mode(real) == 0o600)
  }

  @Test func whoKeepsTheLockIsNotWaitedForForever() throws {
    defer { cleanUp() }
    try set("one")
    let held = open(path + ".lock", O_RDWR)
    defer { close(held) }
    #expect(flock(held, LOCK_EX) == 0)
    #expect(message { try set("two") }.contains("another process is changing the key file"))
    #expect(try key() == "one")
    flock(held, LOCK_UN)
    try set("two")
    #expect(try key() == "two")
  }

  @Test func threadsThatSetKeysAtOnceLoseNone() async throws {
    defer { cleanUp() }
    let store = KeyFileStore(path: path)
    try await withThrowingTaskGroup(of: Void.self) { group in
      for number in 0..<24 {
        group.addTask {
          let id = ProviderID("provider\(number)")
          try store.update { file throws(UserError) in
            file[id, .own] = .key(Secret("key \(number)", of: id))
          }
        }
      }
      try await group.waitForAll()
    }
    let file = try store.read()
    #expect(file.providers(.own).count == 24)
  }
}
