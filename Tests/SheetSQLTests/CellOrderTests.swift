import Testing

@testable import SheetSQL

@Suite struct CellOrderTests {
  private func compare(_ left: String, _ right: String) -> Int32 {
    Array(left.utf8).withUnsafeBytes { left in
      Array(right.utf8).withUnsafeBytes { CellOrder.compare(left, $0) }
    }
  }

  /// Each group sorts before the next; within a group all are equal.
  @Test func textsThenNumbersByValue() {
    let groups = [
      [""], ["+1"], ["-"], ["--1"], ["-01"], ["."], [".5"], ["007"], ["1."], ["1.0e5"], ["1.2.3"],
      ["1e3"], ["a"], ["é"], ["-100", "-100.000", "-1.0e+02"], ["-99.5"], ["-1"], ["-0.001"],
      ["0", "-0", "0.00", "0.0e+00"], ["0.000001", "1.0e-06"], ["0.1", "0.10"], ["1", "1.0"],
      ["1.5"], ["2"], ["10"], ["99"], ["1990", "1990.0"], ["12345678901234567890"],
      ["12345678901234567891"], ["100000000000000000000", "1.0e+20"],
    ]
    for (i, left) in groups.enumerated() {
      for (j, right) in groups.enumerated() {
        for a in left {
          for b in right {
            let expected = i == j ? 0 : i < j ? -1 : 1
            #expect(compare(a, b).signum() == expected, "\(a) and \(b)")
          }
        }
      }
    }
  }

  @Test func agreesWithArithmeticOnRandomDecimals() {
    var state: UInt64 = 42
    func next() -> Int {
      state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
      return Int(state >> 33)
    }
    /// Thousandths, and the number in one of its notations.
    func decimal() -> (Int, String) {
      let value = next() % 4001 - 2000
      let digits = String(value.magnitude % 1000)
      let fraction = String(repeating: "0", count: 3 - digits.count) + digits
      var text = "\(value < 0 ? "-" : "")\(value.magnitude / 1000).\(fraction)"
      if next() % 2 == 0 { while text.last == "0" { text.removeLast() } }
      if text.last == "." { text.removeLast() }
      return (value, text)
    }
    for _ in 0..<20_000 {
      let (left, right) = (decimal(), decimal())
      let expected = left.0 == right.0 ? 0 : left.0 < right.0 ? -1 : 1
      #expect(compare(left.1, right.1).signum() == expected, "\(left.1) and \(right.1), seed 42")
    }
  }
}
