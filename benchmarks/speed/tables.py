"""Makes the tables that the speed figures are measured on. The same seed gives the same bytes."""

import random
from pathlib import Path

FIRST = "Ada Grace Alan Edsger Barbara Donald Frances Ken Margaret Niklaus Radia Tony".split()
LAST = "Lovelace Hopper Turing Dijkstra Liskov Knuth Allen Thompson Hamilton Wirth Perlman".split()
CITIES = ["Oslo", "Lyon", "Graz", "Turin", '"Portland, Oregon"', "Leeds", "Ghent", "Riga"]


def people(path: Path, rows: int) -> None:
    """Rows that a waterfall is to enrich: every person different, many at the same company."""
    rng = random.Random(7)
    with path.open("w", newline="") as out:
        out.write("id,First Name,Last Name,Company,Website,City\n")
        for number in range(rows):
            company = rng.randrange(max(1, rows // 8))
            out.write(
                f"{number},{rng.choice(FIRST)},{rng.choice(LAST)}{number},Company {company},"
                f"https://www.company-{company}.com/about,{rng.choice(CITIES)}\n"
            )


def filled(path: Path, megabytes: int) -> None:
    """A table whose work_email cells are all filled already."""
    rng = random.Random(8)
    size = megabytes * 1_000_000
    written = 0
    number = 0
    with path.open("w", newline="") as out:
        written += out.write("id,first_name,last_name,company,domain,city,work_email,simulated\n")
        while written < size:
            chunk = []
            for _ in range(10_000):
                first, last = rng.choice(FIRST), rng.choice(LAST)
                company = rng.randrange(50_000)
                chunk.append(
                    f"{number},{first},{last},Company {company},company-{company}.example,"
                    f"{rng.choice(CITIES)},{first.lower()}.{last.lower()}{number}"
                    f"@company-{company}.example,simulated\n"
                )
                number += 1
            written += out.write("".join(chunk))
