"""The script that a user would write: three providers in order, a ledger in SQLite.

Simulated like the tool's own world: a hash decides what each provider knows. It holds, captures
and refunds nothing by itself: one row in a table for every attempt, committed every 1 000 rows.

    python3 plain_waterfall.py IN.csv OUT.csv LEDGER.sqlite
"""

import csv
import hashlib
import sqlite3
import sys

PROVIDERS = [("findymail", 1_000_000, 50), ("hunter", 1_000_000, 45), ("datagma", 1_000_000, 35)]


def ask(provider, hit_rate, row):
    key = f"{provider}|{row['First Name']}|{row['Last Name']}|{row['Website']}"
    digest = hashlib.sha256(key.encode()).digest()
    if digest[0] * 100 // 256 >= hit_rate:
        return None, False
    email = f"{row['First Name']}.{row['Last Name']}@example.example".lower()
    return email, digest[1] > 25


def main(source, target, ledger):
    db = sqlite3.connect(ledger)
    db.execute("PRAGMA journal_mode=WAL")
    db.execute("PRAGMA synchronous=FULL")
    db.execute("CREATE TABLE attempt (row INTEGER, provider TEXT, outcome TEXT, charged INTEGER)")
    with open(source, newline="") as inp, open(target, "w", newline="") as out:
        reader = csv.DictReader(inp)
        writer = csv.DictWriter(out, reader.fieldnames + ["work_email"])
        writer.writeheader()
        for number, row in enumerate(reader, 1):
            row["work_email"] = ""
            for provider, price, hit_rate in PROVIDERS:
                email, is_valid = ask(provider, hit_rate, row)
                outcome = "miss" if email is None else "valid" if is_valid else "invalid"
                charged = price if is_valid else 0
                db.execute(
                    "INSERT INTO attempt VALUES (?, ?, ?, ?)", (number, provider, outcome, charged)
                )
                if is_valid:
                    row["work_email"] = email
                    break
            writer.writerow(row)
            if number % 1000 == 0:
                db.commit()
    db.commit()


if __name__ == "__main__":
    main(*sys.argv[1:4])
