"""The script that a user would write instead: ask one API about each row, N at a time, with
aiohttp, and write the answers beside the rows. No holds, no ledger, no resume, no retries.

    python3 plain_http.py SHEET OUT BASE_URL IN_FLIGHT
"""

import asyncio
import csv
import sys

import aiohttp


async def ask(session, base, row):
    query = {
        "first_name": row["first_name"],
        "last_name": row["last_name"],
        "domain": row["domain"],
    }
    try:
        async with session.get(base + "/email-finder", params=query) as response:
            body = await response.json()
            return body["data"]["email"]
    except (aiohttp.ClientError, ValueError, LookupError):
        return ""


async def main(sheet, out, base, in_flight):
    connector = aiohttp.TCPConnector(limit=in_flight)
    headers = {"X-API-KEY": "benchmark"}
    async with aiohttp.ClientSession(connector=connector, headers=headers) as session:
        with open(sheet, newline="") as source, open(out, "w", newline="") as target:
            rows = csv.DictReader(source)
            writer = csv.DictWriter(target, rows.fieldnames + ["work_email"])
            writer.writeheader()
            while True:
                block = [row for _, row in zip(range(in_flight * 16), rows)]
                if not block:
                    break
                gate = asyncio.Semaphore(in_flight)

                async def one(row):
                    async with gate:
                        row["work_email"] = await ask(session, base, row)

                await asyncio.gather(*(one(row) for row in block))
                writer.writerows(block)


asyncio.run(main(sys.argv[1], sys.argv[2], sys.argv[3], int(sys.argv[4])))
