import GRDB
import WaterfallCore

/// Reads the jobs that providers have taken on and not answered.
enum JobReader {
  /// Of every run where `run` is nil.
  static func openJobs(of run: RunID?, in database: Database) throws -> [OpenJob] {
    // A workspace of an earlier version, opened for reading only, has none.
    guard try Schema.version(of: database) >= 3 else { return [] }
    var jobs: [OpenJob] = []
    try database.forEachRow(
      """
      SELECT run, "row", col, generation, step, role, job FROM open_job WHERE run = ?1 OR ?1 = 0
      """, run?.rawValue ?? 0
    ) { row in
      jobs.append(OpenJob(attempt: try AttemptReader.id(row), job: row.text(6)))
    }
    return jobs
  }
}
