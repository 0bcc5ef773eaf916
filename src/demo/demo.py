"""Shows a small port pool running out, with the agent and a real Prometheus beside it.

The load runs in a network namespace that is made for it and taken away again; nothing else of the
machine is touched. Ctrl-C ends everything.
"""

import contextlib
import glob
import json
import os
import shutil
import socket
import subprocess
import sys
import tempfile
import time
import urllib.parse
import urllib.request

import exporter
import namespace
import process

NETNS = "demo-pool"
LOAD = os.path.join(os.path.dirname(os.path.abspath(__file__)), "load.py")
RULES = os.path.join(exporter.ROOT, "deploy", "prometheus", "rules")
GRAFANA = os.path.join(exporter.ROOT, "grafana")
REPORT_SECONDS = 10
CONFIGURATION = """\
global: {{scrape_interval: 5s, scrape_timeout: 4s, evaluation_interval: 5s}}
rule_files: {rules}
scrape_configs:
  - job_name: portpool
    static_configs:
      - targets: ['127.0.0.1:{agent}']
"""


def main():
    namespace.require("ip", "nsenter", "prometheus")
    exporter.build_agent(exporter.LAUNCHER)
    agent_port, prometheus_port = _free_port(10696), _free_port(9090)
    with contextlib.ExitStack() as stack:
        stack.enter_context(_namespace())
        command = ["nsenter", f"--net=/run/netns/{NETNS}", sys.executable, "-B", LOAD]
        load = stack.enter_context(_running(command))
        flags = [f"--namespaces={NETNS}", "--conntrack.dump"]
        agent = exporter.agent(exporter.LAUNCHER, agent_port, "1s", 1, *flags)
        stack.enter_context(contextlib.closing(agent))
        directory = stack.enter_context(tempfile.TemporaryDirectory(prefix="portpool-demo-"))
        stack.enter_context(_prometheus(directory, prometheus_port, agent_port))
        _introduce(prometheus_port, agent_port)
        _watch(prometheus_port, load)


def _free_port(wanted):
    """The port if it is free, else one that is."""
    for port in (wanted, 0):
        with contextlib.suppress(OSError), socket.create_server(("127.0.0.1", port)) as server:
            return server.getsockname()[1]
    raise RuntimeError("no port is free on 127.0.0.1")


@contextlib.contextmanager
def _namespace():
    try:
        subprocess.run(["ip", "netns", "add", NETNS], check=True)
    except subprocess.CalledProcessError as e:
        hint = f"if an older demo left it behind, end that with `ip netns delete {NETNS}`"
        raise RuntimeError(f"cannot make the network namespace {NETNS}; {hint}") from e
    try:
        yield
    finally:
        subprocess.run(["ip", "netns", "delete", NETNS], check=False)


@contextlib.contextmanager
def _running(command, **options):
    started = process.start(command, **options)
    try:
        yield started
    finally:
        process.stop(started)


@contextlib.contextmanager
def _prometheus(directory, port, agent_port):
    rules = sorted(glob.glob(os.path.join(RULES, "*.yml")))
    path = os.path.join(directory, "prometheus.yml")
    with open(path, "w", encoding="utf-8") as configuration:
        configuration.write(CONFIGURATION.format(rules=json.dumps(rules), agent=agent_port))
    command = [
        "prometheus",
        f"--config.file={path}",
        f"--storage.tsdb.path={directory}/data",
        f"--web.listen-address=127.0.0.1:{port}",
        "--log.level=error",
    ]
    with _running(command):
        yield


def _introduce(prometheus_port, agent_port):
    prometheus = f"http://127.0.0.1:{prometheus_port}"
    print(f"the pool of {NETNS}, 1,024 ports, will be exhausted in less than two minutes")
    print(f"  alerts   {prometheus}/alerts")
    print(f"  agent    http://127.0.0.1:{agent_port}")
    print(f"  Grafana  {_grafana(prometheus)}")
    print("Ctrl-C ends everything\n", flush=True)


def _grafana(prometheus):
    """How to see the dashboards with what is installed."""
    engine = next((name for name in ("docker", "podman") if shutil.which(name)), None)
    if engine is None or not prometheus.endswith(":9090"):
        return f"import {GRAFANA}/dashboards/*.json; the data source is {prometheus}"
    return (
        f"{engine} run --rm --network=host -e GF_AUTH_ANONYMOUS_ENABLED=true"
        f" -v {GRAFANA}/provisioning:/etc/grafana/provisioning:ro"
        f" -v {GRAFANA}/dashboards:/var/lib/grafana/dashboards/portpool:ro"
        " docker.io/grafana/grafana"
    )


def _watch(prometheus_port, load):
    """Prints the state of the pool again and again, and alerts when they come and go."""
    start = time.monotonic()
    known = {}
    while load.poll() is None:
        used = _query(
            prometheus_port,
            f'portpool_worst_destination_used_ports{{netns="{NETNS}",protocol="tcp"}}'
            " / ignoring(protocol) portpool_capacity_ports",
        )
        alerts = _query(prometheus_port, "ALERTS")
        states = {
            f"{labels['alertname']} {labels.get('netns', '')} {labels.get('protocol', '')}".strip():
                labels["alertstate"]
            for labels, _ in alerts
        }
        if used:
            share = f"{used[0][1]:.0%} used"
            print(f"{_clock(start)}  toward the worst destination {share}", flush=True)
        for name, state in states.items():
            if known.get(name) != state:
                print(f"{_clock(start)}  {state:<8} {name}", flush=True)
        known = states
        time.sleep(REPORT_SECONDS)
    raise RuntimeError("the load has ended, see above")


def _clock(start):
    minutes, seconds = divmod(int(time.monotonic() - start), 60)
    return f"{minutes}:{seconds:02}"


def _query(port, query):
    """What an instant query gives, as (labels, value); nothing while Prometheus still starts."""
    address = f"http://127.0.0.1:{port}/api/v1/query?" + urllib.parse.urlencode({"query": query})
    try:
        with urllib.request.urlopen(address, timeout=10) as answer:
            result = json.load(answer)["data"]["result"]
    except OSError:
        return []
    return [(series["metric"], float(series["value"][1])) for series in result]


if __name__ == "__main__":
    sys.exit(namespace.run(main))
