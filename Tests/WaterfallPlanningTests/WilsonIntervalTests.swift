import Testing
import WaterfallCore
import WaterfallPlanning

@Suite struct WilsonIntervalTests {
  /// Values of the formula, to four places.
  @Test(
    arguments: [
      (8, 10, 0.4902, 0.9433), (1, 10, 0.0179, 0.4042), (50, 100, 0.4038, 0.5962),
      (0, 10, 0, 0.2775), (10, 10, 0.7225, 1),
    ] as [(Int64, Int64, Double, Double)])
  func knownIntervals(successes: Int64, trials: Int64, low: Double, high: Double) throws {
    let interval = try #require(WilsonInterval.of(successes, among: trials))
    #expect(abs(interval.low - low) < 0.00006)
    #expect(abs(interval.high - high) < 0.00006)
  }

  /// The ends are the proportions whose score test just fails to reject what was seen.
  @Test func theEndsSolveTheScoreEquation() throws {
    for (successes, trials) in [(3, 17), (400, 1000), (1, 2)] as [(Int64, Int64)] {
      let interval = try #require(WilsonInterval.of(successes, among: trials))
      for end in [interval.low, interval.high] {
        let error = (end * (1 - end) / Double(trials)).squareRoot()
        #expect(abs(abs(interval.estimate - end) / error - WilsonInterval.z95) < 1e-9)
      }
    }
  }

  @Test func noTrialsNoInterval() {
    #expect(WilsonInterval.of(0, among: 0) == nil)
  }

  @Test func hugeSamplesStayInOrder() throws {
    let interval = try #require(WilsonInterval.of(.max / 2, among: .max))
    #expect(interval.low <= interval.estimate && interval.estimate <= interval.high)
  }
}
