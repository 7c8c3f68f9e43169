internal import Histogram

/// Latencies in microseconds, kept to two significant digits: p50 and p95 without the samples.
public struct LatencyHistogram: Sendable {
  private var histogram = Histogram<UInt64>(
    highestTrackableValue: LatencyHistogram.longest, numberOfSignificantValueDigits: .two)

  /// One hour; longer latencies count as one hour.
  static let longest: UInt64 = 3_600_000_000

  public init() {}

  public var count: Int64 { Int64(histogram.totalCount) }

  /// Adds `count` samples. O(1).
  public mutating func record(microseconds: Int64, count: Int64 = 1) {
    let value = min(UInt64(max(microseconds, 0)), Self.longest)
    histogram.record(value, count: UInt64(count))
  }

  /// The latency that `percent` per cent of the samples do not exceed, or nil without samples.
  public func percentile(_ percent: Double) -> Int64? {
    guard histogram.totalCount > 0 else { return nil }
    return Int64(histogram.valueAtPercentile(percent))
  }

  /// The samples as (latency, count) pairs, each latency standing for its whole bucket: reading
  /// them back with `record` gives the same histogram.
  public var buckets: [(microseconds: Int64, count: Int64)] {
    histogram.recordedValues().map { (Int64($0.value), Int64($0.count)) }
  }

  public mutating func merge(_ other: LatencyHistogram) {
    histogram.add(other.histogram)
  }
}
