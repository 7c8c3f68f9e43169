import WaterfallCore

/// A run's plan bound to its sheet: everything the driver needs to decide.
struct RunProgram {
  let columns: [ColumnProgram]
  let admission: RowAdmission
  let layout: OutputLayout
  let maxCredits: Credits?
  let maxCreditsPerRow: Credits?
}
