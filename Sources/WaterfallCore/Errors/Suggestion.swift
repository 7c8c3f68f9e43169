/// The known name that a misspelt one most likely meant.
public enum Suggestion {
  /// The candidate at the smallest edit distance from `name`, if it is near enough to be meant:
  /// at most a third of the letters changed. Failing that, the only candidate of which it is one
  /// word: `work_email` for `email`. O(candidates × length²).
  public static func nearest(to name: String, among candidates: some Sequence<String>) -> String? {
    let wanted = name.lowercased()
    return closest(to: wanted, among: candidates) ?? onlyOne(with: wanted, among: candidates)
  }

  private static func onlyOne(
    with word: String, among candidates: some Sequence<String>
  ) -> String? {
    let found = candidates.filter { candidate in
      candidate.lowercased().split { "_- ".contains($0) }.contains { $0 == word }
    }
    return found.count == 1 ? found[0] : nil
  }

  private static func closest(
    to wanted: String, among candidates: some Sequence<String>
  ) -> String? {
    let allowed = max(1, wanted.count / 3)
    var best: (name: String, distance: Int)?
    for candidate in candidates {
      let distance = editDistance(wanted, candidate.lowercased())
      let isStart = wanted.count >= 3 && candidate.lowercased().hasPrefix(wanted)
      guard distance <= allowed || isStart else { continue }
      if best.map({ distance < $0.distance }) ?? true { best = (candidate, distance) }
    }
    return best?.name
  }

  /// “ Did you mean …?” or nothing, to end a sentence with.
  public static func sentence(for name: String, among candidates: some Sequence<String>) -> String?
  {
    nearest(to: name, among: candidates).map { "Did you mean \($0)?" }
  }

  /// Optimal string alignment: insertions, deletions, substitutions, and swaps of neighbours.
  private static func editDistance(_ left: String, _ right: String) -> Int {
    let (a, b) = (Array(left), Array(right))
    guard !a.isEmpty, !b.isEmpty else { return max(a.count, b.count) }
    var older = [Int](repeating: 0, count: b.count + 1)
    var previous = Array(0...b.count)
    for i in 1...a.count {
      var current = [i] + [Int](repeating: 0, count: b.count)
      for j in 1...b.count {
        let change = previous[j - 1] + (a[i - 1] == b[j - 1] ? 0 : 1)
        current[j] = min(previous[j] + 1, current[j - 1] + 1, change)
        if i > 1, j > 1, a[i - 1] == b[j - 2], a[i - 2] == b[j - 1] {
          current[j] = min(current[j], older[j - 2] + 1)
        }
      }
      (older, previous) = (previous, current)
    }
    return previous[b.count]
  }
}
