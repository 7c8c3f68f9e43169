"""Measures asking over HTTP on loopback: exchanges a second while holds, jq and captures are done
durably, against nginx, beside peers measured in the same run.

    python3 benchmarks/speed/exchanges.py --tool .build/release/waterfall [--quick]

Needs nginx and wrk (`apt-get install nginx-light wrk`), curl, and aiohttp (`pip install aiohttp`);
what is missing is skipped with a note. Absolute figures depend on the machine and on what else it
does; the ratios are what to quote.
"""

import argparse
import json
import os
import resource
import shutil
import socket
import subprocess
import sys
import time
from pathlib import Path
from statistics import median

from speed import Report, environment, fresh, run

HERE = Path(__file__).resolve().parent
WORK = HERE / "work"
# Questions in flight, for us and for our peers.
IN_FLIGHT = 128
# What is compared is measured so often, in turns: machines are not equally fast all the time.
ROUNDS = 5
ANSWER = {
    "data": {
        "email": "ada@acme.example",
        "score": 97,
        "domain": "acme.example",
        "accept_all": False,
        "position": "Engineer",
        "verification": {"date": "2026-06-01", "status": "valid"},
    },
    "meta": {"params": {"domain": "acme.example"}},
}


def free_port():
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


def wait_for(port):
    for _ in range(200):
        with socket.socket() as probe:
            if probe.connect_ex(("127.0.0.1", port)) == 0:
                return
        time.sleep(0.05)
    raise SystemExit(f"nobody listens on port {port}")


class Nginx:
    """One worker that gives everybody the same answer."""

    def __init__(self):
        self.port = free_port()
        folder = WORK / "nginx"
        shutil.rmtree(folder, ignore_errors=True)
        folder.mkdir(parents=True)
        body = json.dumps(ANSWER).replace("'", "")
        (folder / "nginx.conf").write_text(
            f"""
            daemon off; worker_processes 1; pid {folder}/pid; error_log {folder}/error.log;
            events {{ worker_connections 4096; }}
            http {{
              access_log off; keepalive_requests 100000000;
              client_body_temp_path {folder}; proxy_temp_path {folder};
              fastcgi_temp_path {folder}; uwsgi_temp_path {folder}; scgi_temp_path {folder};
              server {{
                listen 127.0.0.1:{self.port};
                location / {{ default_type application/json; return 200 '{body}'; }}
              }}
            }}
            """
        )
        self.process = subprocess.Popen(["nginx", "-c", str(folder / "nginx.conf")])
        wait_for(self.port)
        self.base = f"http://127.0.0.1:{self.port}"

    def stop(self):
        self.process.terminate()
        self.process.wait()


class Sandbox:
    def __init__(self, tool, *options):
        server = Path(tool).with_name("waterfall-server")
        self.port = free_port()
        self.process = subprocess.Popen(
            [server, "sandbox", "--port", str(self.port), "--quiet", *options],
            stdout=subprocess.DEVNULL,
        )
        wait_for(self.port)
        self.base = f"http://127.0.0.1:{self.port}"

    def stop(self):
        self.process.terminate()
        self.process.wait()


def people(rows):
    path = WORK / f"http-people-{rows}.csv"
    if not path.exists():
        with open(path, "w") as sheet:
            sheet.write("first_name,last_name,domain\n")
            for number in range(rows):
                sheet.write(f"Ada{number},Lovelace,acme{number % 5000}.example\n")
    return path


def enrich(tool, sheet, provider, *options):
    workspace = WORK / "exchange-ledger.sqlite"
    fresh(workspace)
    env = environment(workspace) | {
        "WATERFALL_MANAGED_KEY_LOOPBACK": "benchmark",
        "WATERFALL_MANAGED_KEY_HUNTER": "benchmark",
    }
    if "--sandbox" not in options:
        run([tool, "credits", "grant", "10000000"], env)
    command = [tool, "enrich", sheet, "-o", WORK / "http-out.csv", "--yes", "--quiet"]
    command += ["--column", f"work_email={provider}", *options]
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    seconds, peak = run(command, env)
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    cpu = after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime
    return seconds, peak, cpu


def loopback(tool, sheet, base, in_flight=IN_FLIGHT):
    manifest = WORK / "loopback" / "loopback.yaml"
    manifest.parent.mkdir(exist_ok=True)
    text = (HERE / "loopback.yaml").read_text()
    usual = f"  concurrency: {IN_FLIGHT}\n"
    assert usual in text, "loopback.yaml and IN_FLIGHT differ"
    manifest.write_text(text.replace(usual, f"  concurrency: {in_flight}\n"))
    return enrich(
        tool, sheet, "loopback", "--providers", manifest, "--base-url", f"loopback={base}")


def wrk_rate(base, connections, seconds=3):
    if not shutil.which("wrk"):
        return None
    url = f"{base}/email-finder?first_name=Ada&last_name=Lovelace&domain=acme.example"
    command = ["wrk", "-t1", f"-c{connections}", f"-d{seconds}s", "-H", "X-API-KEY: benchmark", url]
    text = subprocess.run(command, capture_output=True, text=True).stdout
    line = next(line for line in text.splitlines() if "Requests/sec" in line)
    return float(line.split()[-1])


def aiohttp_rate(sheet, rows, base, in_flight):
    try:
        import aiohttp  # noqa: F401
    except ImportError:
        return None
    script = HERE / "plain_http.py"
    command = [sys.executable, script, sheet, WORK / "http-plain.csv", base, str(in_flight)]
    return rows / run(command)[0]


def curl_rate(base, rows, in_flight):
    if not shutil.which("curl"):
        return None
    config = WORK / "curl-urls.txt"
    with open(config, "w") as urls:
        for number in range(rows):
            urls.write(
                f'url = "{base}/email-finder?first_name=Ada{number}&last_name=Lovelace"\n'
                'output = "/dev/null"\n'
            )
    command = ["curl", "-s", "--parallel", "--parallel-max", str(in_flight), "-K", config]
    return rows / run(command)[0]


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--tool", required=True, type=Path)
    parser.add_argument("--quick", action="store_true", help="a tenth of the work")
    options = parser.parse_args()
    tool = options.tool.resolve()
    WORK.mkdir(exist_ok=True)
    scale = 10 if options.quick else 1
    report = Report()

    rows = 200_000 // scale
    if shutil.which("nginx"):
        nginx = Nginx()
        try:
            against_nginx(report, tool, nginx.base, rows)
            memory(report, tool, nginx.base, scale)
        finally:
            nginx.stop()
    else:
        print("  nginx is not installed: skipped (apt-get install nginx-light)")
    against_sandbox(report, tool, rows // 4)
    latency(report, tool, 100_000 // scale)
    idle(report, tool)


def against_nginx(report, tool, base, rows):
    print(f"nginx on loopback, {rows:,} questions, one worker, {IN_FLIGHT} in flight, "
          f"{ROUNDS} times in turns:")
    ours, cpu, limit, plain, parallel = [], [], [], [], []
    for _ in range(ROUNDS):
        limit.append(wrk_rate(base, IN_FLIGHT))
        plain.append(aiohttp_rate(people(rows // 5), rows // 5, base, IN_FLIGHT))
        seconds, _, used = loopback(tool, people(rows), base)
        ours.append(rows / seconds)
        cpu.append(used / rows * 1e6)
        parallel.append(curl_rate(base, rows // 10, IN_FLIGHT))

    def compare(name, peer, target="", least=0):
        if None in peer:
            return
        ratio = median([own / other for own, other in zip(ours, peer)])
        report.add(name, f"{median(peer):,.0f}/s", target, ratio >= least if target else None,
                   f"{ratio:.2f} ×")

    report.add("enrich: holds, jq and captures, all durable", f"{median(ours):,.0f}/s", "", None,
               f"{median(cpu):.0f} µs of CPU each")
    compare("wrk, asking and nothing else", limit, "enrich ≥ 0.25 ×", 0.25)
    compare("a plain aiohttp script", plain, "enrich ≥ 4 ×", 4)
    compare("curl --parallel", parallel)


def memory(report, tool, base, scale):
    few, many = 100_000 // scale, 1_000_000 // scale
    _, small, _ = loopback(tool, people(few), base)
    _, large, _ = loopback(tool, people(many), base)
    report.add(f"peak memory, {few:,} and {many:,} exchanges", f"{small:.0f} and {large:.0f} MB",
               "flat", large <= small * 1.1, f"{large / small:.2f} ×")


def against_sandbox(report, tool, rows):
    print(f"the sandbox on loopback, {rows:,} questions:")
    sandbox = Sandbox(tool, "--reliable")
    try:
        seconds, _, _ = enrich(tool, people(rows), "hunter", "--sandbox", sandbox.base)
        report.add("enrich --sandbox", f"{rows / seconds:,.0f}/s", "", None)
        plain = aiohttp_rate(people(rows // 4), rows // 4, sandbox.base + "/hunter",
                             IN_FLIGHT)
        if plain:
            report.add("a plain aiohttp script", f"{plain:,.0f}/s", "", None,
                       f"enrich {rows / seconds / plain:.1f} ×")
    finally:
        sandbox.stop()


def latency(report, tool, rows):
    sandbox = Sandbox(tool, "--latency", "200ms", "--reliable")
    try:
        base = f"{sandbox.base}/hunter"
        seconds, _, _ = loopback(tool, people(rows), base, in_flight=500)
        ideal = 500 / 0.2
        rate = rows / seconds
        report.add("200 ms of latency, 500 in flight", f"{rate:,.0f}/s", "≥ 95 % of 2,500/s",
                   rate >= 0.95 * ideal, f"{rate / ideal * 100:.1f} %")
        limit = wrk_rate(base, 500, 10)
        if limit:
            report.add("wrk against the same", f"{limit:,.0f}/s", "", None,
                       f"{limit / ideal * 100:.1f} %")
    finally:
        sandbox.stop()


def idle(report, tool):
    sandbox = Sandbox(tool, "--latency", "5s", "--reliable")
    try:
        seconds, _, cpu = loopback(tool, people(400), f"{sandbox.base}/hunter", in_flight=400)
        report.add("CPU while 400 questions wait 5 s for their answers", f"{cpu:.2f} s", "idle",
                   cpu <= 0.5, f"of {seconds:.1f} s")
    finally:
        sandbox.stop()


if __name__ == "__main__":
    main()
