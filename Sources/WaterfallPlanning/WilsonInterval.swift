public import WaterfallCore

/// The score interval for a proportion, which stays honest for small samples and extreme rates.
public enum WilsonInterval {
  /// The 97.5 % quantile of the standard normal distribution: intervals of 95 % confidence.
  public static let z95 = 1.959_963_984_540_054

  /// The interval for `successes` of `trials`, or nil without trials.
  ///
  /// `(p + z²/2n ± z·√(p(1−p)/n + z²/4n²)) / (1 + z²/n)`, from E. B. Wilson, “Probable Inference,
  /// the Law of Succession, and Statistical Inference”, Journal of the American Statistical
  /// Association 22 (1927), 209–212. `successes` is between 0 and `trials`.
  public static func of(
    _ successes: Int64, among trials: Int64, z: Double = z95
  ) -> BenchResult.Interval? {
    guard trials > 0 else { return nil }
    precondition((0...trials).contains(successes))
    let n = Double(trials)
    let p = Double(successes) / n
    let centre = p + z * z / (2 * n)
    let spread = z * (p * (1 - p) / n + z * z / (4 * n * n)).squareRoot()
    let scale = 1 + z * z / n
    // At the ends the formula gives 0 and 1 but for the last bits of the arithmetic.
    let low = successes == 0 ? 0 : max(0, (centre - spread) / scale)
    let high = successes == trials ? 1 : min(1, (centre + spread) / scale)
    return BenchResult.Interval(estimate: p, low: low, high: high)
  }
}
