import Foundation
import Testing

/// The storeys of `docs/architecture.md` are those of `Package.swift`.
@Suite struct ArchitectureTests {
  static let path = "docs/architecture.md"

  @Test func everyTargetHasItsPlace() throws {
    let targets = try PackageTarget.all().filter { $0.kind != "testTarget" }.map(\.name)
    try #require(targets.count > 8)
    let storeys = try Self.storeys().map(\.target)
    let beside = try Self.beside()
    #expect(
      Set(targets) == Set(storeys + beside),
      """
      \(Self.path): add \(Set(targets).subtracting(storeys + beside).sorted()); \
      remove \(Set(storeys + beside).subtracting(targets).sorted())
      """)
    #expect(Set(storeys).count == storeys.count, "\(Self.path): a target is listed twice")
  }

  /// Downwards only, never to a sibling, and never to what is beside the house.
  @Test func importsGoDownwards() throws {
    let storeys = Dictionary(uniqueKeysWithValues: try Self.storeys().map { ($0.target, $0.level) })
    for target in try PackageTarget.all() {
      guard let level = storeys[target.name] else { continue }
      for name in target.targets {
        let below = storeys[name] ?? .max
        #expect(
          below < level,
          """
          Package.swift: \(target.name) (storey \(level)) must not import \(name) \
          (\(below == .max ? "no part of the house" : "storey \(below)"))
          """)
      }
    }
  }

  @Test func packagesAreThoseOfTheTable() throws {
    let rows = try Self.storeys()
    for target in try PackageTarget.all() {
      guard let row = rows.first(where: { $0.target == target.name }) else { continue }
      #expect(
        Set(row.packages) == Set(target.products),
        "\(Self.path): the packages of \(target.name) are \(target.products.joined(separator: ", "))"
      )
    }
  }

  /// A rule of the style that the layering rests on: every target of the house is a folder.
  @Test func everyTargetIsAFolder() throws {
    for row in try Self.storeys() {
      let folder = Package.root.appending(path: "Sources/\(row.target)").path
      #expect(FileManager.default.fileExists(atPath: folder), "there is no Sources/\(row.target)")
    }
  }

  // MARK: Reading

  private struct Storey {
    let level: Int
    let target: String
    let packages: [String]
  }

  private static func storeys() throws -> [Storey] {
    try table("storey").map { cells in
      let level = try #require(cells[0].first?.wholeNumberValue, "\(path): \(cells[0])")
      return Storey(
        level: level, target: cells[1].replacing("`", with: ""),
        packages: cells.count < 5
          ? [] : cells[4].split(separator: ",").map { $0.trimmingCharacters(in: .whitespaces) })
    }
  }

  private static func beside() throws -> [String] {
    try table("target").map { $0[0].replacing("`", with: "") }
  }

  /// The cells of the table whose first heading this is, without its two heading lines.
  private static func table(_ heading: String) throws -> [[String]] {
    let lines = try Package.document(path).lines
    let start = try #require(
      lines.firstIndex { $0.hasPrefix("| \(heading) |") }, "\(path): the table of each \(heading)")
    return lines[(start + 2)...].prefix { $0.hasPrefix("|") }.map { line in
      line.dropFirst().dropLast().split(separator: "|", omittingEmptySubsequences: false)
        .map { $0.trimmingCharacters(in: .whitespaces) }
    }
  }
}

/// A target as `Package.swift` declares it.
struct PackageTarget {
  let kind: String
  let name: String
  let targets: [String]
  let products: [String]

  static func all() throws -> [PackageTarget] {
    let text = try Package.text("Package.swift")
    let start = try #require(text.firstRange(of: "  targets: [")).upperBound
    let starts = text[start...].matches(
      of: /\.(executableTarget|testTarget|systemLibrary|target|plugin)\(/)
    return starts.compactMap { match in
      let body = call(text[match.range.upperBound...])
      guard let name = body.firstMatch(of: /name: "([^"]+)"/)?.1 else { return nil }
      let list = body.firstMatch(of: /dependencies: \[([^\]]*)\]/)?.1 ?? ""
      let products = list.matches(of: /\.product\(name: "([^"]+)"/).map { String($0.1) }
      let own = list.replacing(/\.product\([^)]*\)/, with: "")
      return PackageTarget(
        kind: String(match.1), name: String(name),
        targets: own.matches(of: /"([^"]+)"/).map { String($0.1) }, products: products)
    }
  }

  /// Up to the parenthesis that closes the call.
  private static func call(_ text: Substring) -> Substring {
    var depth = 1
    let end = text.firstIndex { letter in
      if letter == "(" { depth += 1 }
      if letter == ")" { depth -= 1 }
      return depth == 0
    }
    return text[..<(end ?? text.endIndex)]
  }
}
