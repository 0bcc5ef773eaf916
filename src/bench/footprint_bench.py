"""What the packaged agent costs a host that is left alone: memory, CPU, its start.

With the default flags, on two sizes of the socket table, scraped every 15 seconds, beside node_exporter.
"""

import argparse
import http.client
import subprocess
import sys
import tempfile
import time

import exporter
import namespace
import population
import process

AGENT_PORT = 9000
NODE_EXPORTER_PORT = 9100
SCRAPE_SECONDS = 15
STARTS = 11


def main():
    parser = argparse.ArgumentParser(description=__doc__.split("\n", maxsplit=1)[0])
    parser.add_argument("agent", help="the packaged launcher, target/package/portpool-*/bin/portpool")
    parser.add_argument("--minutes", type=int, default=60, help="default %(default)s")
    parser.add_argument("--sockets", type=int, default=1_000, help="default %(default)s")
    parser.add_argument("--then", type=int, default=100_000, help="sockets for the last quarter")
    arguments = parser.parse_args()
    namespace.require("ip", "prometheus-node-exporter")
    namespace.enter_own()
    print(f"start to first good scrape, median of {STARTS}: {_start_seconds(arguments.agent):.3f} s")
    sockets = population.Population()
    try:
        sockets.grow_to(arguments.sockets)
        _watch(arguments, sockets)
    finally:
        sockets.close()
    return 0


def _command(agent, port):
    return [agent, "serve", f"--web.listen-address=127.0.0.1:{port}"]


def _start_seconds(agent):
    taken = []
    for _ in range(STARTS):
        begun = time.monotonic()
        started = process.start(_command(agent, AGENT_PORT), stderr=subprocess.DEVNULL)
        while not _is_good(AGENT_PORT):
            time.sleep(0.002)
        taken.append(time.monotonic() - begun)
        process.stop(started)
    return sorted(taken)[STARTS // 2]


def _is_good(port):
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=5)
    try:
        connection.request("GET", "/metrics")
        return b'portpool_sample_success{netns="host"} 1' in connection.getresponse().read()
    except OSError:
        return False
    finally:
        connection.close()


def _watch(arguments, sockets):
    with tempfile.TemporaryDirectory() as empty:
        node = [
            "prometheus-node-exporter",
            "--collector.disable-defaults",
            "--collector.tcpstat",
            f"--web.listen-address=127.0.0.1:{NODE_EXPORTER_PORT}",
        ]
        agent = exporter.Exporter(_command(arguments.agent, AGENT_PORT), AGENT_PORT, stderr=subprocess.DEVNULL)
        peer = exporter.Exporter(node, NODE_EXPORTER_PORT, stderr=subprocess.DEVNULL, cwd=empty)
        print("| minute | sockets | agent RSS MB | private MB | agent CPU % of a core | node_exporter RSS MB | CPU % |")
        print("|---|---|---|---|---|---|---|", flush=True)
        try:
            _rounds(arguments, sockets, agent, peer)
        finally:
            agent.close()
            peer.close()


def _rounds(arguments, sockets, agent, peer):
    begun = time.monotonic()
    shown = 0
    before = [process.cpu_seconds(each.pid) for each in (agent, peer)]
    while time.monotonic() - begun < arguments.minutes * 60:
        time.sleep(SCRAPE_SECONDS)
        agent.scrape()
        peer.scrape()
        minute = int((time.monotonic() - begun) / 60)
        if minute >= shown + max(1, arguments.minutes // 12):
            spent = (minute - shown) * 60
            now = [process.cpu_seconds(each.pid) for each in (agent, peer)]
            cpu = [100 * (after - earlier) / spent for after, earlier in zip(now, before)]
            print(
                f"| {minute} | {sockets.sockets:,} | {process.memory_mb(agent.pid, 'VmRSS'):.1f}"
                f" | {process.memory_mb(agent.pid, 'RssAnon'):.1f} | {cpu[0]:.2f}"
                f" | {process.memory_mb(peer.pid, 'VmRSS'):.1f} | {cpu[1]:.2f} |",
                flush=True,
            )
            shown, before = minute, now
            if minute >= arguments.minutes * 3 // 4:
                sockets.grow_to(arguments.then)


if __name__ == "__main__":
    sys.exit(namespace.run(main))
