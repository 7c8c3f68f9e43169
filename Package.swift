// swift-tools-version: 6.2
import PackageDescription

// One target for each storey's concern. Imports go downwards only, never to a sibling; the build
// runs with `--explicit-target-dependency-import-check error`, so that this is compiled, not
// promised. docs/architecture.md tells what each target owns and what it must not know.

let package = Package(
  name: "waterfall",
  platforms: [.macOS(.v15)],
  products: [
    .executable(name: "waterfall", targets: ["waterfall"]),
    .executable(name: "waterfall-server", targets: ["waterfall-server"]),
    .library(name: "CSVCodec", targets: ["CSVCodec"]),
  ],
  dependencies: [
    .package(url: "https://github.com/apple/swift-argument-parser", from: "1.8.2"),
    .package(url: "https://github.com/apple/swift-collections", from: "1.6.0"),
    .package(url: "https://github.com/groue/GRDB.swift", from: "7.10.0"),
    .package(url: "https://github.com/jpsim/Yams", from: "6.2.2"),
    .package(url: "https://github.com/HdrHistogram/hdrhistogram-swift", from: "0.2.0"),
    .package(
      url: "https://github.com/hummingbird-project/hummingbird", from: "2.28.1", traits: []),
    .package(url: "https://github.com/apple/swift-nio", from: "2.101.0"),
    .package(url: "https://github.com/apple/swift-http-types", from: "1.8.0", traits: []),
    .package(url: "https://github.com/apple/swift-log", from: "1.14.0"),
    .package(url: "https://github.com/swift-server/swift-service-lifecycle", from: "2.13.0"),
    .package(url: "https://github.com/swiftlang/swift-subprocess", from: "1.0.2", traits: []),
    .package(url: "https://github.com/apple/swift-system", from: "1.5.0"),
  ],
  targets: [
    // 4: the door
    .executableTarget(
      name: "waterfall",
      dependencies: [
        "WaterfallCore", "CSVCodec", "WaterfallEngine", "WaterfallLedger",
        "WaterfallProviders", "WaterfallPlanning", "WaterfallReports", "WaterfallRuns",
        "LedgerStore", "SheetSQL", "CurlTransport", "KeyStore",
        "CommandRunners",
        .product(name: "ArgumentParser", package: "swift-argument-parser"),
      ]),

    .executableTarget(
      name: "waterfall-server",
      dependencies: [
        "WaterfallCore", "WaterfallProviders", "WaterfallServer", "KeyStore",
        .product(name: "ArgumentParser", package: "swift-argument-parser"),
      ]),

    // 3: drivers
    .target(
      name: "WaterfallServer",
      dependencies: [
        "WaterfallCore", "WaterfallProviders", "WaterfallReports",
        .product(name: "Hummingbird", package: "hummingbird"),
        .product(name: "HTTPTypes", package: "swift-http-types"),
        .product(name: "Logging", package: "swift-log"),
        .product(name: "NIOCore", package: "swift-nio"),
        .product(name: "ServiceLifecycle", package: "swift-service-lifecycle"),
        .product(name: "UnixSignals", package: "swift-service-lifecycle"),
      ]),
    .target(
      name: "WaterfallRuns",
      dependencies: [
        "WaterfallCore", "CSVCodec", "WaterfallEngine", "WaterfallLedger",
        "WaterfallProviders", .product(name: "DequeModule", package: "swift-collections"),
      ]),
    .target(
      name: "LedgerStore",
      dependencies: [
        "WaterfallCore", "WaterfallLedger", "Hashing",
        .product(name: "GRDB", package: "GRDB.swift"),
        .product(name: "GRDBSQLite", package: "GRDB.swift"),
      ]),
    .target(
      name: "SheetSQL",
      dependencies: [
        "WaterfallCore", "CSVCodec", "WaterfallProviders",
        .product(name: "GRDB", package: "GRDB.swift"),
        .product(name: "GRDBSQLite", package: "GRDB.swift"),
      ]),
    .target(
      name: "CurlTransport",
      dependencies: [
        "CCurl", "WaterfallCore", "WaterfallProviders",
        .product(name: "DequeModule", package: "swift-collections"),
        .product(name: "HeapModule", package: "swift-collections"),
      ]),
    .target(name: "KeyStore", dependencies: ["WaterfallCore", "WaterfallProviders"]),
    .target(
      name: "CommandRunners",
      dependencies: [
        "WaterfallCore", "WaterfallProviders",
        .product(name: "Subprocess", package: "swift-subprocess"),
        .product(name: "SystemPackage", package: "swift-system"),
      ]),

    // 2: rules
    .target(name: "WaterfallEngine", dependencies: ["WaterfallCore"]),
    .target(name: "WaterfallLedger", dependencies: ["WaterfallCore"]),
    .target(
      name: "WaterfallProviders",
      dependencies: [
        "WaterfallCore", "Hashing", "CJQ", .product(name: "Yams", package: "Yams"),
      ],
      plugins: ["EmbedManifests"]),
    .target(name: "WaterfallPlanning", dependencies: ["WaterfallCore"]),
    .target(name: "WaterfallReports", dependencies: ["WaterfallCore"]),

    // 1: words
    .target(
      name: "WaterfallCore",
      dependencies: [.product(name: "Histogram", package: "hdrhistogram-swift")]),
    .target(name: "CSVCodec"),
    .target(
      name: "Hashing",
      dependencies: [.target(name: "CCrypto", condition: .when(platforms: [.linux]))]),

    // 0: ground
    .systemLibrary(
      name: "CCurl", pkgConfig: "libcurl",
      providers: [.apt(["libcurl4-openssl-dev"]), .brew(["curl"])]),
    .systemLibrary(
      name: "CJQ", providers: [.apt(["libjq-dev"]), .brew(["jq"])]),
    .systemLibrary(name: "CCrypto", pkgConfig: "libcrypto", providers: [.apt(["libssl-dev"])]),

    // build time: providers/ becomes one Swift file, so that the binary alone has its manifests
    .executableTarget(name: "embed-manifests"),
    .plugin(
      name: "EmbedManifests", capability: .buildTool(), dependencies: ["embed-manifests"]),

    // measurements of our own speed; no part of the product
    .executableTarget(
      name: "ledger-speed", dependencies: ["WaterfallCore", "WaterfallLedger", "LedgerStore"],
      path: "benchmarks/speed/ledger"),
    .executableTarget(
      name: "http-speed", dependencies: ["CurlTransport", "WaterfallProviders"],
      path: "benchmarks/speed/http"),

    // tests, one target for each target under test, and what several of them need
    .target(
      name: "TestSupport", dependencies: ["WaterfallCore"], path: "Tests/TestSupport",
      exclude: ["Dialects"]),
    .testTarget(name: "CSVCodecTests", dependencies: ["CSVCodec", "TestSupport"]),
    .testTarget(name: "HashingTests", dependencies: ["Hashing"]),
    .testTarget(name: "WaterfallCoreTests", dependencies: ["WaterfallCore", "TestSupport"]),
    .testTarget(
      name: "CommandRunnersTests",
      dependencies: ["CommandRunners", "WaterfallProviders", "WaterfallCore", "TestSupport"]),
    .testTarget(
      name: "KeyStoreTests",
      dependencies: ["KeyStore", "WaterfallProviders", "WaterfallCore", "TestSupport"]),
    .testTarget(
      name: "WaterfallLedgerTests", dependencies: ["WaterfallCore", "WaterfallLedger"]),
    .testTarget(
      name: "WaterfallEngineTests",
      dependencies: ["WaterfallCore", "WaterfallEngine", "WaterfallLedger", "TestSupport"]),
    .testTarget(
      name: "CommandTests",
      dependencies: [
        "waterfall", "waterfall-server", "Hashing", "TestSupport",
        .product(name: "GRDBSQLite", package: "GRDB.swift"),
      ],
      exclude: ["Snapshots"]),
    .testTarget(
      name: "DocsTests",
      dependencies: [
        "waterfall", "waterfall-server", .product(name: "GRDBSQLite", package: "GRDB.swift"),
      ]),
    .testTarget(
      name: "WaterfallReportsTests", dependencies: ["WaterfallReports", "WaterfallCore"]),
    .testTarget(
      name: "WaterfallProvidersTests",
      dependencies: ["WaterfallProviders", "WaterfallCore", "TestSupport"]),
    .testTarget(
      name: "WaterfallServerTests",
      dependencies: [
        "WaterfallServer", "waterfall-server", "WaterfallProviders", "WaterfallCore",
        "TestSupport",
      ]),
    .testTarget(
      name: "LedgerStoreTests",
      dependencies: [
        "WaterfallCore", "WaterfallLedger", "LedgerStore", "TestSupport", "ledger-speed",
        .product(name: "GRDB", package: "GRDB.swift"),
      ]),
    .testTarget(
      name: "WaterfallPlanningTests",
      dependencies: ["WaterfallPlanning", "WaterfallCore", "TestSupport"]),
    .testTarget(
      name: "WaterfallRunsTests",
      dependencies: [
        "WaterfallCore", "CSVCodec", "WaterfallEngine", "WaterfallLedger", "WaterfallProviders",
        "WaterfallRuns", "LedgerStore", "TestSupport",
      ]),
    .testTarget(
      name: "CurlTransportTests",
      dependencies: ["CurlTransport", "WaterfallCore", "WaterfallProviders", "TestSupport"]),
    .testTarget(
      name: "SheetSQLTests",
      dependencies: [
        "SheetSQL", "WaterfallCore", "TestSupport",
        .product(name: "GRDBSQLite", package: "GRDB.swift"),
      ]),
  ],
  swiftLanguageModes: [.v6]
)

let written: [Target.TargetType] = [.regular, .executable, .test]
for target in package.targets where written.contains(target.type) {
  target.swiftSettings = [
    .enableUpcomingFeature("ExistentialAny"),
    .enableUpcomingFeature("InternalImportsByDefault"),
    .enableUpcomingFeature("MemberImportVisibility"),
  ]
}
