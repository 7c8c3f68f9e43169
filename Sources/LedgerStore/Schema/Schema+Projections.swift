extension Schema {
  /// What follows from the tables before, kept so that a question needs no replay. Each batch
  /// carries them along; `verify` recomputes them.
  static let projections = """
    CREATE TABLE lot_balance (
      lot INTEGER NOT NULL PRIMARY KEY REFERENCES lot (id),
      available INTEGER NOT NULL CHECK (available >= 0),
      held INTEGER NOT NULL CHECK (held >= 0),
      spent INTEGER NOT NULL CHECK (spent >= 0),
      expired INTEGER NOT NULL CHECK (expired >= 0),
      rolled_over INTEGER NOT NULL CHECK (rolled_over >= 0)
    ) STRICT;

    CREATE TABLE open_hold (
      opening INTEGER NOT NULL PRIMARY KEY REFERENCES entry (seq),
      run INTEGER NOT NULL REFERENCES run (id),
      "row" INTEGER NOT NULL,
      col INTEGER NOT NULL,
      generation INTEGER NOT NULL,
      step INTEGER NOT NULL,
      role TEXT NOT NULL
    ) STRICT;

    -- In the order of seq, which is the order in which they burn.
    CREATE TABLE open_hold_slice (
      opening INTEGER NOT NULL REFERENCES open_hold (opening) ON DELETE CASCADE,
      seq INTEGER NOT NULL,
      lot INTEGER NOT NULL REFERENCES lot (id),
      amount INTEGER NOT NULL CHECK (amount >= 0),
      PRIMARY KEY (opening, seq)
    ) STRICT, WITHOUT ROWID;

    \(openQuestion)
    \(openQuestionPage)

    \(runState)

    CREATE TABLE run_budget (
      run INTEGER NOT NULL REFERENCES run (id),
      scope TEXT NOT NULL CHECK (scope IN ('run', 'row')),
      credits INTEGER NOT NULL CHECK (credits >= 0),
      PRIMARY KEY (run, scope)
    ) STRICT, WITHOUT ROWID;

    CREATE TABLE checkpoint (
      run INTEGER NOT NULL REFERENCES run (id),
      output_offset INTEGER NOT NULL CHECK (output_offset >= 0),
      input_offset INTEGER NOT NULL,
      "row" INTEGER NOT NULL,
      line INTEGER NOT NULL,
      selected INTEGER NOT NULL,
      PRIMARY KEY (run, output_offset)
    ) STRICT, WITHOUT ROWID;

    -- How the cells of a column ended; reason is '' for all but skipped cells.
    CREATE TABLE cell_tally (
      run INTEGER NOT NULL,
      col INTEGER NOT NULL,
      state TEXT NOT NULL CHECK (state IN ('filled', 'empty', 'failed', 'skipped')),
      reason TEXT NOT NULL,
      cells INTEGER NOT NULL,
      PRIMARY KEY (run, col, state, reason),
      FOREIGN KEY (run, col) REFERENCES run_column (run, col)
    ) STRICT, WITHOUT ROWID;

    CREATE TABLE tally (
      id INTEGER NOT NULL PRIMARY KEY,
      run INTEGER NOT NULL,
      col INTEGER NOT NULL,
      provider TEXT NOT NULL,
      role TEXT NOT NULL,
      key_source TEXT NOT NULL,
      attempts INTEGER NOT NULL,
      hits INTEGER NOT NULL,
      valid INTEGER NOT NULL,
      invalid INTEGER NOT NULL,
      misses INTEGER NOT NULL,
      unknown INTEGER NOT NULL,
      cached INTEGER NOT NULL,
      charged INTEGER NOT NULL,
      refunded INTEGER NOT NULL,
      saved INTEGER NOT NULL,
      overrun INTEGER NOT NULL,
      money INTEGER NOT NULL,
      UNIQUE (run, col, provider, role, key_source),
      FOREIGN KEY (run, col) REFERENCES run_column (run, col)
    ) STRICT;

    CREATE TABLE tally_reason (
      tally INTEGER NOT NULL REFERENCES tally (id),
      kind TEXT NOT NULL CHECK (kind IN ('failure', 'skipped')),
      reason TEXT NOT NULL,
      attempts INTEGER NOT NULL,
      PRIMARY KEY (tally, kind, reason)
    ) STRICT, WITHOUT ROWID;

    \(tallyVerdicts)

    -- Each latency stands for the bucket of the histogram that it begins.
    CREATE TABLE tally_latency (
      tally INTEGER NOT NULL REFERENCES tally (id),
      microseconds INTEGER NOT NULL,
      attempts INTEGER NOT NULL,
      PRIMARY KEY (tally, microseconds)
    ) STRICT, WITHOUT ROWID;
    """

  /// Since version 2. The hits by their verdict; reason is '' for none.
  static let tallyVerdicts = """
    CREATE TABLE tally_verdict (
      tally INTEGER NOT NULL REFERENCES tally (id),
      verdict TEXT NOT NULL,
      reason TEXT NOT NULL,
      accepted INTEGER NOT NULL CHECK (accepted IN (0, 1)),
      attempts INTEGER NOT NULL,
      PRIMARY KEY (tally, verdict, reason, accepted)
    ) STRICT, WITHOUT ROWID;
    """

  /// The rows of `tally_verdict`, counted from the attempts of one run, or of all. O(attempts).
  static func countedVerdicts(ofRun run: String = "a.run") -> String {
    """
    SELECT t.id AS tally, coalesce(a.verdict, 'unverified') AS verdict,
      CASE WHEN a.verdict IS NULL THEN 'undetermined' ELSE coalesce(a.verdict_reason, '') END
        AS reason,
      a.accepted AS accepted, count(*) AS attempts
    FROM attempt a
    JOIN run_step s ON s.run = a.run AND s.col = a.col AND s.step = a.step AND s.role = a.role
    JOIN tally t ON t.run = a.run AND t.col = a.col AND t.provider = s.provider
      AND t.role = s.role AND t.key_source = s.key_source
    WHERE a.kind = 'asked' AND a.outcome = 'hit' AND a.run = \(run)
    GROUP BY 1, 2, 3, 4
    """
  }

  /// Since version 3. What is under way as a job of the provider's: the attempt is not stored yet, so
  /// that nothing here has to agree with anything. Gone when the attempt is stored, or the run is
  /// done. `job` is NULL where version 3 did not know one.
  static let openQuestion = """
    CREATE TABLE open_question (
      run INTEGER NOT NULL REFERENCES run (id),
      "row" INTEGER NOT NULL,
      col INTEGER NOT NULL,
      generation INTEGER NOT NULL,
      step INTEGER NOT NULL,
      role TEXT NOT NULL,
      question BLOB NOT NULL,
      job TEXT,
      PRIMARY KEY (run, "row", col, generation, step, role)
    ) STRICT, WITHOUT ROWID;
    """

  /// Since version 4. What else is under way, or was when the page was written: attempts that are
  /// stored by now do not count. `QuestionPage` knows what is in the bytes.
  static let openQuestionPage = """
    CREATE TABLE open_question_page (
      id INTEGER PRIMARY KEY,
      run INTEGER NOT NULL REFERENCES run (id),
      questions BLOB NOT NULL
    ) STRICT;
    """

  /// `output` is where the output goes since the run was resumed with another one; else NULL.
  static let runState = """
    CREATE TABLE run_state (
      run INTEGER NOT NULL PRIMARY KEY REFERENCES run (id),
      state TEXT NOT NULL
        CHECK (state IN ('running', 'done', 'paused', 'interrupted', 'dropped')),
      note TEXT NOT NULL,
      ended INTEGER,
      rows_done INTEGER NOT NULL CHECK (rows_done >= 0),
      output TEXT
    ) STRICT;
    """
}
