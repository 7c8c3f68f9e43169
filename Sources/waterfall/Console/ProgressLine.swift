import Foundation
import WaterfallCore

/// One line on the terminal that follows a run: how far, how fast, what was found, what it cost.
/// On anything but a terminal it is silent.
final class ProgressLine: RunObserver {
  private let console: Console
  private let other: (any RunObserver)?
  private let started = ContinuousClock.now
  private var drawn: ContinuousClock.Instant?
  private var first: RunProgress?

  init(console: Console, wrapping other: (any RunObserver)?) {
    self.console = console
    self.other = other
  }

  func rowEnded(_ row: Int64, attempts: [AttemptRecord]) {
    other?.rowEnded(row, attempts: attempts)
  }

  func progressed(_ progress: RunProgress) {
    other?.progressed(progress)
    if first == nil { first = progress }
    guard console.drawsProgress else { return }
    let now = ContinuousClock.now
    if let drawn, now - drawn < .milliseconds(100) { return }
    drawn = now
    console.draw(text(progress, after: seconds(now - started)))
  }

  func clear() {
    if drawn != nil { console.draw("") }
  }

  private func seconds(_ duration: Duration) -> Double {
    Double(duration.components.seconds) + Double(duration.components.attoseconds) / 1e18
  }

  private func text(_ progress: RunProgress, after seconds: Double) -> String {
    let rate = Double(progress.cells) / max(seconds, 0.001)
    var parts = [
      "\(progress.rows) rows", "\(Int(rate)) cells/s", "\(progress.fills) filled",
      "\(progress.charged - progress.refunded) credits",
    ]
    if let size = progress.inputSize, size > 0 {
      let done = Double(progress.inputOffset)
      parts.insert("\(Int(done * 100 / Double(size))) %", at: 0)
      let before = Double(first?.inputOffset ?? 0)
      let speed = (done - before) / max(seconds, 0.001)
      if speed > 0 { parts.append("\(Int((Double(size) - done) / speed)) s left") }
    }
    return parts.joined(separator: " · ")
  }
}
