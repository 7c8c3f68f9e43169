"""Measures the tool against peers, all in one run, and prints ratios.

    python3 benchmarks/speed/speed.py --tool .build/release/waterfall [--quick]

Absolute figures depend on the machine and on what else it does; the ratios are what to quote.
Every figure is the median of its runs. Peers that are not installed are skipped with a note:
`pip install duckdb`, `apt-get install miller`.
"""

import argparse
import importlib.util
import json
import os
import shutil
import signal
import sqlite3
import statistics
import subprocess
import sys
import time
from pathlib import Path

import tables

HERE = Path(__file__).resolve().parent
WORK = HERE / "work"
# Three steps in an order given here, so that a changed recipe does not change the figure.
STEPS = "work_email=findymail,hunter,datagma"


def run(command, env=None):
    """Seconds, peak memory in MB, and status of a command run to its end."""
    start = time.perf_counter()
    process = subprocess.Popen(
        command, env=env, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, text=True
    )
    errors = process.stderr.read()
    _, status, usage = os.wait4(process.pid, 0)
    seconds = time.perf_counter() - start
    if status != 0:
        raise SystemExit(f"{' '.join(map(str, command))} failed:\n{errors}")
    return seconds, usage.ru_maxrss / 1024


def median(command, runs, env=None, before=lambda: None):
    results = []
    for _ in range(runs):
        before()
        results.append(run(command, env))
    return statistics.median(r[0] for r in results), max(r[1] for r in results)


def environment(workspace):
    return {
        "PATH": os.environ["PATH"],
        "HOME": str(WORK),
        "TMPDIR": str(WORK),
        "WATERFALL_WORKSPACE": str(workspace),
    }


class Report:
    def __init__(self):
        self.rows = []

    def add(self, what, figure, target, met, note=""):
        self.rows.append({"what": what, "figure": figure, "target": target, "met": met, "note": note})
        mark = {True: "met", False: "NOT MET", None: ""}[met]
        print(f"  {what:<58} {figure:>18}  {target:<22} {mark:<8} {note}", flush=True)


def fresh(workspace):
    for path in WORK.glob(workspace.stem + "*"):
        path.unlink()


def enrich(tool, sheet, out, column=STEPS):
    return [tool, "enrich", sheet, "-o", out, "--column", column, "--simulate", "--yes", "--quiet"]


def waterfall(tool, report, rows, runs):
    print("a three-step simulated waterfall with the durable ledger on")
    small, large = WORK / "people-small.csv", WORK / "people.csv"
    tables.people(small, rows // 10)
    tables.people(large, rows)
    space, out = WORK / "speed.sqlite", WORK / "out.csv"
    env = environment(space)
    _, small_peak = median(enrich(tool, small, out), 1, env, lambda: fresh(space))
    seconds, peak = median(enrich(tool, large, out), runs, env, lambda: fresh(space))
    rate = rows / seconds
    report.add(f"{rows:,} rows", f"{rate:,.0f} cells/s", ">= 100,000 cells/s", rate >= 1e5)
    report.add("peak memory", f"{peak:.0f} MB", "<= 120 MB", peak <= 120)
    growth = peak / small_peak
    report.add(
        f"peak memory against {rows // 10:,} rows", f"{growth:.2f} x", "flat (<= 1.2 x)",
        growth <= 1.2, f"{small_peak:.0f} MB there")
    ledger = WORK / "plain.sqlite"
    plain, _ = median(
        [sys.executable, HERE / "plain_waterfall.py", small, WORK / "plain.csv", ledger], 1,
        before=lambda: fresh(ledger))
    plain_rate = rows // 10 / plain
    report.add(
        "the plain Python script", f"{plain_rate:,.0f} cells/s", "", None,
        f"the tool is {rate / plain_rate:.1f} x as fast")


def pass_through(tool, report, megabytes, runs):
    print(f"pass-through of {megabytes} MB whose cells are all filled")
    sheet, out, space = WORK / "filled.csv", WORK / "filled-out.csv", WORK / "pass.sqlite"
    tables.filled(sheet, megabytes)
    size = sheet.stat().st_size / 1e6
    env = environment(space)

    def remove():
        # Replacing a file of this size costs as much as reading it: every run writes a new one.
        fresh(space)
        out.unlink(missing_ok=True)

    ours = median(enrich(tool, sheet, out, "work_email=hunter"), runs, env, remove)[0]
    if sheet.read_bytes() != out.read_bytes():
        raise SystemExit("the output differs from the input")
    report.add("waterfall enrich", f"{size / ours:,.0f} MB/s", ">= 300 MB/s", size / ours >= 300)
    if importlib.util.find_spec("duckdb"):
        query = f"COPY (SELECT * FROM read_csv('{sheet}', all_varchar=true)) TO '{out}' (HEADER)"
        code = f"import duckdb; duckdb.sql({query!r})"
        peer = median([sys.executable, "-c", code], runs, before=remove)[0]
        report.add(
            "DuckDB, COPY", f"{size / peer:,.0f} MB/s", "at least as fast", ours <= peer,
            f"the tool is {peer / ours:.2f} x as fast")
    else:
        print("  DuckDB is not installed: skipped")
    if shutil.which("mlr"):
        command = f"mlr --csv --from {sheet} cat > {out}"
        peer = median(["sh", "-c", command], max(1, runs // 2), before=remove)[0]
        report.add(
            "Miller, cat", f"{size / peer:,.0f} MB/s", "4 x", peer / ours >= 4,
            f"the tool is {peer / ours:.2f} x as fast")
    else:
        print("  Miller is not installed: skipped")
    plain = median([sys.executable, HERE / "plain_passthrough.py", sheet, out], 1)[0]
    report.add(
        "the plain Python script", f"{size / plain:,.0f} MB/s", "", None,
        f"the tool is {plain / ours:.1f} x as fast")


def start_up(tool, report):
    print("start-up")
    ours = median([tool, "--version"], 21)[0] * 1000
    report.add("waterfall --version", f"{ours:.1f} ms", "<= 30 ms", ours <= 30)
    peer = median([sys.executable, "-c", "pass"], 21)[0] * 1000
    report.add("python3 -c pass", f"{peer:.1f} ms", "", None)


def last_entry(workspace):
    try:
        with sqlite3.connect(f"file:{workspace}?mode=ro", uri=True, timeout=5) as db:
            return db.execute("SELECT max(seq) FROM entry").fetchone()[0] or 0
    except sqlite3.OperationalError:
        return 0


def rows_done(workspace):
    try:
        with sqlite3.connect(f"file:{workspace}?mode=ro", uri=True, timeout=5) as db:
            return db.execute("SELECT max(rows_done) FROM run_state").fetchone()[0] or 0
    except sqlite3.OperationalError:
        return 0


def resume(tool, report, rows):
    print("resume of a killed run")
    sheet, out, space = WORK / "people.csv", WORK / "resumed.csv", WORK / "resume.sqlite"
    simulated = WORK / "resume-simulated.sqlite"
    fresh(space)
    for part in WORK.glob("resumed.csv*"):
        part.unlink()
    env = environment(space)
    process = subprocess.Popen(enrich(tool, sheet, out), env=env, stderr=subprocess.DEVNULL)
    while process.poll() is None and rows_done(simulated) < rows:
        time.sleep(0.01)
    process.send_signal(signal.SIGKILL)
    process.wait()
    done, before = rows_done(simulated), last_entry(simulated)
    start = time.perf_counter()
    process = subprocess.Popen(
        [tool, "resume", "--simulate", "--quiet"], env=env, stderr=subprocess.DEVNULL)
    while process.poll() is None and last_entry(simulated) == before:
        time.sleep(0.005)
    seconds = time.perf_counter() - start
    process.wait()
    report.add(
        f"next answer durable, killed at {done:,} rows", f"{seconds:.2f} s", "<= 3 s", seconds <= 3)


def run_info(tool, report, attempts):
    print("run info")
    sheet, out, space = WORK / "people.csv", WORK / "info.csv", WORK / "info.sqlite"
    env = environment(space)
    fresh(space)
    # Low hit rates: most rows ask all three.
    run(enrich(tool, sheet, out, "work_email=leadmagic,tomba,snov,enrow,icypeas,hunter"), env)
    command = [tool, "run-info", "--simulate", "--format", "json"]
    text = subprocess.run(command, env=env, capture_output=True, text=True, check=True).stdout
    columns = json.loads(text)["columns"]
    count = sum(p["attempts"] + p["cached"] for c in columns for p in c["providers"])
    seconds = median(command, 5, env)[0]
    report.add(f"run-info over {count:,} attempts", f"{seconds:.3f} s", "<= 1 s", seconds <= 1)


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--tool", required=True, type=lambda p: str(Path(p).resolve()))
    parser.add_argument("--quick", action="store_true", help="a tenth of everything")
    parser.add_argument("--json", help="write the figures there")
    arguments = parser.parse_args()
    scale = 10 if arguments.quick else 1
    shutil.rmtree(WORK, ignore_errors=True)
    WORK.mkdir()
    report = Report()
    try:
        start_up(arguments.tool, report)
        waterfall(arguments.tool, report, 2_000_000 // scale, 1 if arguments.quick else 3)
        pass_through(arguments.tool, report, 200 // scale, 5)
        resume(arguments.tool, report, 1_000_000 // scale)
        run_info(arguments.tool, report, 5_000_000 // scale)
    finally:
        shutil.rmtree(WORK, ignore_errors=True)
    if arguments.json:
        Path(arguments.json).write_text(json.dumps(report.rows, indent=2) + "\n")
    unmet = [row["what"] for row in report.rows if row["met"] is False]
    print(f"not met: {', '.join(unmet)}" if unmet else "every figure is met")


if __name__ == "__main__":
    main()
