import WaterfallCore
import WaterfallRuns

extension RunPlan {
  /// Takes note of where the hosts are now that answer in providers' places.
  ///
  /// Throws `UserError` for one that the run has none for: who is asked, a provider or somebody in
  /// its place, is pinned with everything else.
  mutating func move(_ stands: RunPlanner.StandIns, _ run: RunID) throws(UserError) {
    if let sandbox = stands.sandbox {
      guard self.sandbox != nil else {
        throw UserError(
          .usage, "run \(run) does not ask a sandbox", place: "--sandbox",
          remedy: "Leave it out: a run goes on with those whom it began with.")
      }
      self.sandbox = sandbox
    }
    for (id, url) in stands.bases {
      guard bases?[id.rawValue] != nil else {
        throw UserError(
          .usage, "run \(run) does not ask another host in the place of \(id)",
          place: "--base-url",
          remedy: "Leave it out: a run goes on with those whom it began with.")
      }
      bases?[id.rawValue] = url
    }
  }
}
