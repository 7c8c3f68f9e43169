import Foundation
import Testing

/// A key that is typed on a terminal is not shown there.
@Suite struct KeyPromptTests {
  /// A terminal of our own, and the tool on it.
  struct Typist {
    let master: Int32
    let running: CommandRunner.Running

    init(_ runner: CommandRunner, _ arguments: [String]) throws {
      let (master, slave) = try Self.openTerminal()
      self.master = master
      let terminal = FileHandle(fileDescriptor: slave, closeOnDealloc: true)
      running = try runner.start(
        arguments, standardInput: terminal, standardOutput: nil, standardError: terminal)
    }

    private static func openTerminal() throws -> (master: Int32, slave: Int32) {
      // Not in every header that Swift sees.
      typealias OpenTerminal =
        @convention(c) (
          UnsafeMutablePointer<Int32>, UnsafeMutablePointer<Int32>, UnsafeMutablePointer<CChar>?,
          UnsafePointer<termios>?, UnsafePointer<winsize>?
        ) -> Int32
      let symbol = try #require(dlsym(dlopen(nil, RTLD_NOW), "openpty"))
      var (master, slave): (Int32, Int32) = (-1, -1)
      let open = unsafeBitCast(symbol, to: OpenTerminal.self)
      try #require(open(&master, &slave, nil, nil, nil) == 0)
      return (master, slave)
    }

    func type(_ text: String) {
      _ = Array(text.utf8).withUnsafeBytes { write(master, $0.baseAddress, $0.count) }
    }

    /// What the terminal shows up to some words, or until nothing comes any more.
    func shown(until words: String) -> String {
      var (text, byte): ([UInt8], UInt8) = ([], 0)
      var waiting = pollfd(fd: master, events: Int16(POLLIN), revents: 0)
      while !String(decoding: text, as: UTF8.self).contains(words),
        poll(&waiting, 1, 20_000) == 1, read(master, &byte, 1) == 1
      {
        text.append(byte)
      }
      return String(decoding: text, as: UTF8.self)
    }

    var isEchoing: Bool {
      var state = termios()
      return tcgetattr(master, &state) == 0 && state.c_lflag & tcflag_t(ECHO) != 0
    }
  }

  @Test func aTypedKeyIsNotShown() throws {
    let runner = try CommandRunner()
    defer { runner.cleanUp() }
    let typist = try Typist(runner, ["keys", "set", "hunter"])
    defer { close(typist.master) }
    let prompt = "The own key of hunter (it is not shown): "
    #expect(typist.shown(until: prompt) == prompt)
    #expect(!typist.isEchoing)
    typist.type("sk_live_4242\n")
    let rest = typist.shown(until: "keys.yaml")
    #expect(rest.contains("is kept in") && !rest.contains("4242"), "\(rest)")
    typist.running.process.waitUntilExit()
    #expect(typist.running.process.terminationStatus == 0)
    #expect(typist.isEchoing)
    #expect(try runner.read(KeysTests.file).contains("hunter: \"sk_live_4242\"\n"))
  }

  @Test(arguments: [SIGINT, SIGTERM]) func aSignalLeavesTheTerminalAsItWas(number: Int32) throws {
    let runner = try CommandRunner()
    defer { runner.cleanUp() }
    let typist = try Typist(runner, ["keys", "set", "hunter"])
    defer { close(typist.master) }
    _ = typist.shown(until: "shown): ")
    #expect(!typist.isEchoing)
    typist.type("sk_live")
    kill(typist.running.process.processIdentifier, number)
    typist.running.process.waitUntilExit()
    #expect(typist.running.process.terminationStatus == 130)
    #expect(typist.isEchoing)
    #expect(!runner.exists(".config"))
  }

  @Test func aLineThatATerminalCutsIsRefused() throws {
    let runner = try CommandRunner()
    defer { runner.cleanUp() }
    let typist = try Typist(runner, ["keys", "set", "hunter"])
    defer { close(typist.master) }
    _ = typist.shown(until: "shown): ")
    #expect(!typist.isEchoing)
    for _ in 0..<5 {
      typist.type(String(repeating: "x", count: 1000))
      usleep(20_000)
    }
    typist.type("\n")
    #expect(typist.shown(until: "into the command.").contains("longer than a line of a terminal"))
    typist.running.process.waitUntilExit()
    #expect(typist.running.process.terminationStatus == 1)
    #expect(!runner.exists(".config"))
  }
}
