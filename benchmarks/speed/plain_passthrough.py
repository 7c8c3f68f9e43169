"""The script that a user would write: copy a table, asking only where the cell is empty.

    python3 plain_passthrough.py IN.csv OUT.csv
"""

import csv
import sys

with open(sys.argv[1], newline="") as inp, open(sys.argv[2], "w", newline="") as out:
    reader = csv.DictReader(inp)
    writer = csv.DictWriter(out, reader.fieldnames)
    writer.writeheader()
    for row in reader:
        if not row["work_email"]:
            raise SystemExit("a cell is empty")
        writer.writerow(row)
