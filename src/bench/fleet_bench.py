"""Asks every panel of the fleet dashboard on a simulated fleet in a real Prometheus.

An hour of 5,000 hosts is written into blocks, the recording rules are evaluated over it, and then
each panel's queries are run as Grafana would, over that hour. No query may take a second.
"""

import argparse
import contextlib
import json
import os
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
import urllib.error
import urllib.parse
import urllib.request

import exporter
import fleet
import namespace
import process

PORT = 9099
DASHBOARD = os.path.join(exporter.ROOT, "grafana", "dashboards", "fleet.json")
RULES = os.path.join(exporter.ROOT, "deploy", "prometheus", "rules", "portpool-recording.yml")
RULE_LEVELS = 3  # ratios, their maximum of each host, quantiles of these
HOUR = 3600
STEP_SECONDS = 15
EVALUATION_SECONDS = 60
ROUNDS = 3
BAR_SECONDS = 1
SLOWEST = 8
VARIABLES = {
    "$job": "portpool",
    "$instance": ".*",
    "$netns": ".*",
    "$__rate_interval": f"{4 * fleet.INTERVAL_SECONDS}s",
    "$__range": f"{HOUR}s",
}


def main():
    arguments = _arguments()
    for tool in ("prometheus", "promtool"):
        if shutil.which(tool) is None:
            sys.exit(f"{namespace.NAME}: {tool} is missing: install the Debian package prometheus")
    end = int(time.time()) // fleet.INTERVAL_SECONDS * fleet.INTERVAL_SECONDS
    start = end - HOUR
    with tempfile.TemporaryDirectory(prefix="portpool-fleet-") as directory:
        stored = _fill(directory, arguments.hosts, arguments.port, start, end)
        with _prometheus(stored, arguments.port) as address:
            series = _ask(address, "query", query='count({__name__!=""})', time=end)[0]
            print(
                f"{arguments.hosts:,} hosts, {arguments.hosts * fleet.SERIES_PER_HOST:,} series,"
                f" {int(series['value'][1]):,} with the recorded ones; an hour, medians of"
                f" {ROUNDS}\n",
                flush=True,
            )
            outcome = _report(_panels(address, start, end))
            if arguments.keep:
                print(f"\n{address} stays until Ctrl-C", flush=True)
                time.sleep(24 * HOUR)
    return outcome


def _arguments():
    parser = argparse.ArgumentParser(description=__doc__.split("\n", maxsplit=1)[0])
    parser.add_argument("--hosts", type=int, default=5_000, help="default %(default)s")
    parser.add_argument("--port", type=int, default=PORT, help="of Prometheus, default %(default)s")
    parser.add_argument("--keep", action="store_true", help="leave Prometheus running, to look at")
    return parser.parse_args()


def _fill(directory, hosts, port, start, end):
    """Writes the fleet and what the recording rules make of it; returns where the blocks are."""
    samples, raw = os.path.join(directory, "samples"), os.path.join(directory, "raw")
    fleet.write(samples, hosts, start, end)
    _promtool("openmetrics", samples, raw)
    os.remove(samples)
    stored = raw
    for level in range(RULE_LEVELS):
        # promtool evaluates each rule on what is stored: those on other rules need another pass.
        recorded = os.path.join(directory, f"recorded-{level}")
        with _prometheus(stored, port) as address:
            span = [f"--start={start}", f"--end={end}", f"--eval-interval={EVALUATION_SECONDS}s"]
            _promtool("rules", *span, f"--url={address}", f"--output-dir={recorded}", RULES)
        stored = os.path.join(directory, f"stored-{level}")
        for part in (raw, recorded):
            shutil.copytree(part, stored, copy_function=os.link, dirs_exist_ok=True)
    return stored


def _promtool(kind, *arguments):
    command = ["promtool", "tsdb", "create-blocks-from", kind, *arguments]
    subprocess.run(command, check=True, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)


@contextlib.contextmanager
def _prometheus(stored, port):
    """A Prometheus on some blocks, which scrapes nothing."""
    command = [
        "prometheus",
        "--config.file=/dev/null",
        f"--storage.tsdb.path={stored}",
        f"--web.listen-address=127.0.0.1:{port}",
        "--log.level=error",
    ]
    server = process.start(command)
    address = f"http://127.0.0.1:{port}"
    try:
        _await_ready(server, address)
        yield address
    finally:
        process.stop(server)


def _await_ready(server, address):
    while server.poll() is None:
        with contextlib.suppress(OSError), urllib.request.urlopen(f"{address}/-/ready"):
            return
        time.sleep(0.1)
    raise RuntimeError("Prometheus does not start, see above")


def _panels(address, start, end):
    """What each query takes, as (seconds, series, panel, legend)."""
    with open(DASHBOARD, encoding="utf-8") as file:
        panels = json.load(file)["panels"]
    for panel in panels:
        for target in panel.get("targets", []):
            query = target["expr"]
            for name, value in VARIABLES.items():
                query = query.replace(name, value)
            if target["instant"]:
                how = ("query", {"query": query, "time": end})
            else:
                step = panel.get("interval", f"{STEP_SECONDS}s")
                span = {"start": start, "end": end, "step": step}
                how = ("query_range", {"query": query, **span})
            seconds = []
            for _ in range(1 + ROUNDS):
                before = time.monotonic()
                result = _ask(address, how[0], **how[1])
                seconds.append(time.monotonic() - before)
            name = f"{panel['title']}: {target['legendFormat'] or target['refId']}"
            yield statistics.median(seconds[1:]), len(result), how[0], name


def _ask(address, kind, **parameters):
    url = f"{address}/api/v1/{kind}?{urllib.parse.urlencode(parameters)}"
    try:
        with urllib.request.urlopen(url, timeout=120) as answer:
            return json.load(answer)["data"]["result"]
    except urllib.error.HTTPError as e:
        raise RuntimeError(f"{parameters['query']}: {e.read().decode()}") from e


def _report(panels):
    rows = sorted(panels, reverse=True)
    print(f"{'ms':>6} {'series':>7}  the {SLOWEST} slowest of {len(rows)} queries")
    for seconds, series, kind, name in rows[:SLOWEST]:
        print(f"{1000 * seconds:6.0f} {series:7}  {name} ({kind})")
    empty = [name for _, series, _, name in rows if series == 0]
    for name in empty:
        print(f"  no data: {name}")
    met = rows[0][0] < BAR_SECONDS and not empty
    bar = f"each query has data and takes less than {BAR_SECONDS} s"
    print(f"\n{'met   ' if met else 'MISSED'}  {bar}")
    return 0 if met else 1


if __name__ == "__main__":
    sys.exit(namespace.run(main))
