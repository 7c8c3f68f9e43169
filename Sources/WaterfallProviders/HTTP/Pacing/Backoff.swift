/// How long to wait before an exchange is repeated: exponential, with full jitter (Brooker, AWS
/// Architecture Blog 2015: a random share of the doubled wait), so that many that failed together
/// do not come back together.
enum Backoff {
  /// - Parameter repetition: 0 for the first one.
  static func wait(
    _ plan: RetryPlan, repetition: Int, using random: inout some RandomNumberGenerator
  ) -> Duration {
    let doubled = plan.wait * (1 << min(repetition, 16))
    return min(doubled, plan.longest) * Double.random(in: 0.1...1, using: &random)
  }
}
