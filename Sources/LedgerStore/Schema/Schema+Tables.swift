extension Schema {
  // Amounts are whole micro-credits, money is nano-dollars, times are milliseconds since 1970.
  // The words in CASE stand in the order of their frequency: an IN list would be built anew as a
  // table for every row that is checked.

  /// What was granted and moved. Only ever appended to.
  static let ledgerTables = """
    CREATE TABLE workspace (
      one INTEGER NOT NULL PRIMARY KEY CHECK (one = 1),
      id TEXT NOT NULL CHECK (id <> ''),
      created INTEGER NOT NULL,
      simulated INTEGER NOT NULL CHECK (simulated IN (0, 1)),
      schema INTEGER NOT NULL
    ) STRICT;

    -- One row for each batch that became durable. Its entries are first_seq, first_seq + 1, …
    CREATE TABLE ledger_commit (
      id INTEGER NOT NULL PRIMARY KEY CHECK (id > 0),
      time INTEGER NOT NULL,
      run INTEGER REFERENCES run (id),
      first_seq INTEGER NOT NULL CHECK (first_seq > 0),
      entries INTEGER NOT NULL CHECK (entries >= 0),
      attempts INTEGER NOT NULL CHECK (attempts >= 0),
      skips INTEGER NOT NULL CHECK (skips >= 0),
      hash BLOB NOT NULL CHECK (length(hash) = 32)
    ) STRICT;
    CREATE UNIQUE INDEX ledger_commit_of_entry ON ledger_commit (first_seq) WHERE entries > 0;

    CREATE TABLE lot (
      id INTEGER NOT NULL PRIMARY KEY CHECK (id > 0),
      commit_id INTEGER NOT NULL REFERENCES ledger_commit (id),
      kind TEXT NOT NULL CHECK (kind IN
        ('trial', 'monthly', 'rollover', 'package', 'promotion', 'refund', 'adjustment')),
      issued INTEGER NOT NULL CHECK (issued >= 0),
      priority INTEGER NOT NULL,
      granted INTEGER NOT NULL,
      expires INTEGER,
      note TEXT NOT NULL
    ) STRICT;

    CREATE TABLE entry (
      seq INTEGER NOT NULL PRIMARY KEY CHECK (seq > 0),
      kind TEXT NOT NULL,
      lot INTEGER REFERENCES lot (id),
      amount INTEGER NOT NULL CHECK (amount >= 0),
      opening INTEGER REFERENCES entry (seq),
      run INTEGER,
      "row" INTEGER,
      col INTEGER,
      generation INTEGER,
      step INTEGER,
      role TEXT,
      note TEXT,
      CHECK (CASE kind
        WHEN 'hold' THEN lot IS NOT NULL AND note IS NULL AND (opening IS NULL OR opening < seq)
          AND (opening IS NULL) = (role IS NOT NULL)
        WHEN 'capture' THEN lot IS NOT NULL AND note IS NULL AND ifnull(opening < seq, 0)
        WHEN 'void' THEN lot IS NOT NULL AND note IS NULL AND ifnull(opening < seq, 0)
        WHEN 'refund' THEN lot IS NOT NULL AND note IS NULL AND ifnull(opening < seq, 0)
        WHEN 'zero' THEN lot IS NULL AND note IS NULL AND opening IS NULL AND role IS NOT NULL
          AND amount = 0
        ELSE lot IS NOT NULL AND note IS NOT NULL AND opening IS NULL
          AND kind IN ('grant', 'expire', 'rollover') END),
      CHECK (CASE WHEN role IS NULL
        THEN run IS NULL AND "row" IS NULL AND col IS NULL AND generation IS NULL AND step IS NULL
        ELSE opening IS NULL AND run IS NOT NULL AND "row" IS NOT NULL AND col IS NOT NULL
          AND generation IS NOT NULL AND step IS NOT NULL END)
    ) STRICT;
    """

  /// What a row of `attempt` can be. `verify` asks again: in a table without row numbers, SQLite's
  /// own check of integrity leaves them out.
  static let attemptShapes = [
    """
    CASE kind
      WHEN 'asked' THEN outcome IS NOT NULL AND shared_role IS NULL AND shared_row IS NULL
      WHEN 'shared' THEN outcome IS NOT NULL AND shared_role IS NOT NULL
        AND captured IS NULL AND refunded IS NULL AND opening IS NULL
      WHEN 'skipped' THEN outcome IS NULL AND reason IS NOT NULL AND shared_role IS NULL
        AND captured IS NULL AND refunded IS NULL AND opening IS NULL AND accepted = 0
      ELSE 0 END
    """,
    """
    CASE outcome
      WHEN 'hit' THEN value IS NOT NULL AND reason IS NULL AND accepted IN (0, 1)
      WHEN 'miss' THEN value IS NULL AND reason IS NULL AND accepted = 0
      WHEN 'failure' THEN value IS NULL AND reason IS NOT NULL AND accepted = 0
      WHEN 'unknown' THEN value IS NULL AND reason IS NULL AND accepted = 0
      ELSE outcome IS NULL AND value IS NULL END
    """,
    """
    (accepted = 0 OR role = 'finder')
      AND (captured IS NULL OR captured > 0)
      AND (refunded IS NULL OR (captured IS NOT NULL AND refunded > 0 AND refunded <= captured))
    """,
  ]

  /// What was asked and answered. Only ever appended to.
  static let runTables = """
    CREATE TABLE run (
      id INTEGER NOT NULL PRIMARY KEY CHECK (id > 0),
      commit_id INTEGER NOT NULL REFERENCES ledger_commit (id),
      command TEXT NOT NULL CHECK (command IN ('enrich', 'bench')),
      simulated INTEGER NOT NULL CHECK (simulated IN (0, 1)),
      seed TEXT,
      sheet TEXT NOT NULL,
      output TEXT NOT NULL,
      started INTEGER NOT NULL,
      configuration TEXT NOT NULL
    ) STRICT;

    CREATE TABLE run_column (
      run INTEGER NOT NULL REFERENCES run (id),
      col INTEGER NOT NULL CHECK (col >= 0),
      name TEXT NOT NULL,
      field TEXT NOT NULL,
      PRIMARY KEY (run, col)
    ) STRICT, WITHOUT ROWID;

    -- The pinned price book, and who is asked in which order.
    CREATE TABLE run_step (
      run INTEGER NOT NULL,
      col INTEGER NOT NULL,
      step INTEGER NOT NULL CHECK (step >= 0),
      role TEXT NOT NULL CHECK (role IN ('finder', 'verifier')),
      provider TEXT NOT NULL,
      key_source TEXT NOT NULL CHECK (key_source IN ('managed', 'own')),
      price INTEGER NOT NULL CHECK (price >= 0),
      PRIMARY KEY (run, col, step, role),
      FOREIGN KEY (run, col) REFERENCES run_column (run, col)
    ) STRICT, WITHOUT ROWID;

    -- NULL amounts are 0. Provider, key source and price are those of run_step.
    CREATE TABLE attempt (
      run INTEGER NOT NULL,
      "row" INTEGER NOT NULL CHECK ("row" > 0),
      col INTEGER NOT NULL,
      generation INTEGER NOT NULL CHECK (generation >= 0),
      step INTEGER NOT NULL,
      role TEXT NOT NULL,
      commit_id INTEGER NOT NULL REFERENCES ledger_commit (id),
      kind TEXT NOT NULL,
      outcome TEXT,
      reason TEXT,
      verdict TEXT,
      verdict_reason TEXT,
      accepted INTEGER NOT NULL,
      value TEXT,
      question BLOB,
      latency INTEGER,
      exchanges INTEGER,
      captured INTEGER,
      refunded INTEGER,
      overrun INTEGER,
      saved INTEGER,
      money INTEGER,
      opening INTEGER REFERENCES entry (seq),
      shared_row INTEGER,
      shared_col INTEGER,
      shared_generation INTEGER,
      shared_step INTEGER,
      shared_role TEXT,
      PRIMARY KEY (run, "row", col, generation, step, role),
      FOREIGN KEY (run, col, step, role) REFERENCES run_step (run, col, step, role),
      CHECK (\(attemptShapes[0])),
      CHECK (\(attemptShapes[1])),
      CHECK (\(attemptShapes[2]))
    ) STRICT, WITHOUT ROWID;

    CREATE TABLE skip_range (
      id INTEGER NOT NULL PRIMARY KEY,
      commit_id INTEGER NOT NULL REFERENCES ledger_commit (id),
      run INTEGER NOT NULL,
      col INTEGER NOT NULL,
      reason TEXT NOT NULL,
      first_row INTEGER NOT NULL CHECK (first_row > 0),
      last_row INTEGER NOT NULL CHECK (last_row >= first_row),
      FOREIGN KEY (run, col) REFERENCES run_column (run, col)
    ) STRICT;
    """
}
