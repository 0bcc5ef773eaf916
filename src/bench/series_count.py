"""Counts what one host costs a Prometheus: the series of an agent with its default flags.

In a network namespace of the benchmark's own: first idle, then with more destinations than the
agent names. Owners are those of this process alone.
"""

import collections
import contextlib
import re
import socket
import sys

import exporter
import measurement
import namespace
import population

AGENT_PORT = 9000
BAR = 200
SOCKETS = 1_000
UDP_DESTINATIONS = 20
LISTENERS = range(40_000, 40_005)
NAME = re.compile(rb"^(\w+)[{ ]", re.MULTILINE)
TOP_TABLES = (
    "portpool_destination_used_ports",
    "portpool_destination_free_ports",
    "portpool_owner_used_ports",
    "portpool_range_listener_info",
    "portpool_connect_failures_by_process_total",
)


def main():
    namespace.require("ip")
    exporter.build_agent(exporter.LAUNCHER)
    namespace.enter_own()
    agent = exporter.agent(exporter.LAUNCHER, AGENT_PORT, "1s", 1)
    with contextlib.closing(agent), contextlib.ExitStack() as stack:
        measurement.await_sample(agent)
        idle = _groups(agent.scrape())
        people = stack.enter_context(contextlib.closing(population.Population()))
        people.grow_to(SOCKETS)
        for number in range(UDP_DESTINATIONS):
            asked = stack.enter_context(socket.socket(type=socket.SOCK_DGRAM))
            asked.connect(("127.3.0.1", 1000 + number))
        for port in LISTENERS:
            stack.enter_context(socket.create_server(("127.0.0.1", port)))
        measurement.next_sample(agent)
        measurement.next_sample(agent)
        body = agent.scrape()
    return _report(idle, _groups(body), len(body))


def _groups(body):
    """How many series there are of each kind."""
    return collections.Counter(_group(name.decode()) for name in NAME.findall(body))


def _group(name):
    if name.startswith(("jvm_", "process_")):
        return "process and JVM"
    return "top tables" if name in TOP_TABLES else "pool and agent"


def _report(idle, busy, size):
    print(f"{'series of one host, default flags':<36}{'idle':>8}{'busy':>8}")
    for group in sorted(busy):
        print(f"  {group:<34}{idle[group]:>8}{busy[group]:>8}")
    print(f"  {'all':<34}{idle.total():>8}{busy.total():>8}")
    print(f"  {'page, bytes':<34}{'':>8}{size:>8}")
    met = busy.total() <= BAR
    print(f"\n{'met   ' if met else 'MISSED'}  at most {BAR} series of a host with one namespace")
    return 0 if met else 1


if __name__ == "__main__":
    sys.exit(namespace.run(main))
