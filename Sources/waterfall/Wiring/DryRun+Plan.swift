import WaterfallCore
import WaterfallReports
import WaterfallRuns

extension DryRun {
  /// The report of a dry run: what the plan asks, and how often it could.
  init(_ plan: RunPlan, _ counts: DryRunCounts, sheet: String, available: Credits?) {
    let columns = zip(plan.columns, counts.columns).enumerated().map { index, pair in
      let (pinned, count) = pair
      let outline = plan.outline.columns[index]
      return DryRun.Column(
        name: pinned.name, field: pinned.field, eligible: count.eligible, skipped: count.skipped,
        steps: outline.steps.map { step in
          let own = pinned.steps[Int(step.step)]
          let asked = step.role == .verifier ? pinned.verifier ?? own : own
          return DryRun.Step(
            step, charge: asked.chargePolicy, refundsRejected: asked.refundsRejected,
            eligible: count.steps[Int(step.step)])
        })
    }
    self.init(
      sheet: sheet, rows: counts.rows, isSimulated: plan.isSimulated, columns: columns,
      available: available)
  }
}
