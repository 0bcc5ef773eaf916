"""Compares the cost of a sample of 200 network namespaces with that of the agent's own alone.

The agent's own has nearly all the sockets, each other one a few. One agent reads its own, another
all of them, every time; they take turns on the same sockets, each held while it is not its turn.
"""

import argparse
import contextlib
import ctypes
import os
import signal
import socket
import statistics
import subprocess
import sys

import exporter
import measurement
import namespace
import population
import process

BAR = 1.3
PORTS = {"host": 9000, "all": 9001}
INTERVAL = "500ms"
CPU_BUDGET_CORES = 0.25
WARM_UP_SECONDS = 60
SAMPLES_PER_ROUND = 10


def main():
    arguments = _arguments()
    namespace.require("ip")
    exporter.build_agent(arguments.agent)
    namespace.enter_own()
    with contextlib.ExitStack() as stack:
        people = stack.enter_context(contextlib.closing(population.Population()))
        people.grow_to(arguments.sockets)
        stack.enter_context(contextlib.closing(Namespaces(arguments.namespaces, arguments.each)))
        agents = {}
        for which, port in PORTS.items():
            agent = exporter.agent(
                arguments.agent,
                port,
                INTERVAL,
                CPU_BUDGET_CORES,
                f"--namespaces={which}",
                f"--namespaces.top={arguments.namespaces}",
            )
            agents[which] = stack.enter_context(contextlib.closing(agent))
            measurement.warm_up(agent, WARM_UP_SECONDS)
            agent.pause()
        return _compare(agents, arguments)


def _arguments():
    parser = argparse.ArgumentParser(description=__doc__.split("\n", maxsplit=1)[0])
    parser.add_argument("--sockets", type=int, default=100_000, help="default %(default)s")
    parser.add_argument("--namespaces", type=int, default=200, help="default %(default)s")
    parser.add_argument(
        "--each", type=int, default=20, help="sockets in each of them, default %(default)s"
    )
    parser.add_argument(
        "--agent", default=exporter.LAUNCHER, help="the command under test (default %(default)s)"
    )
    parser.add_argument("--rounds", type=int, default=7, help="default %(default)s")
    return parser.parse_args()


def _compare(agents, arguments):
    costs = {which: [] for which in PORTS}
    for _ in range(arguments.rounds):
        for which, agent in agents.items():
            agent.resume()
            costs[which].append(measurement.sample_cpu_seconds(agent, SAMPLES_PER_ROUND))
            agent.pause()
    agents["all"].resume()
    seen = exporter.value(agents["all"].scrape(), "portpool_namespaces")
    if seen <= arguments.namespaces:
        raise RuntimeError(f"the agent sees {seen:,.0f} namespaces")
    ratios = sorted(a / b for a, b in zip(costs["all"], costs["host"]))
    ratio = statistics.median(ratios)
    print(
        f"{arguments.sockets:,} sockets, CPU of a sample: alone"
        f" {1000 * statistics.median(costs['host']):.1f} ms, with"
        f" {arguments.namespaces} namespaces more {1000 * statistics.median(costs['all']):.1f} ms;"
        f" ratio {ratio:.2f} ({ratios[0]:.2f} to {ratios[-1]:.2f}), bar {BAR}:"
        f" {'met' if ratio <= BAR else 'MISSED'}"
    )
    return 0 if ratio <= BAR else 1


class Namespaces:
    """Processes with a few sockets, each in a network namespace of its own; gone on close()."""

    def __init__(self, count, sockets):
        self._children = []
        for _ in range(count):
            self._children.append(_child(sockets))

    def close(self):
        """Ends the processes, and with them the namespaces."""
        for child in self._children:
            os.kill(child, signal.SIGKILL)
            os.waitpid(child, 0)


def _child(sockets):
    ready, tell = os.pipe()
    child = os.fork()
    if child == 0:
        libc = ctypes.CDLL(None)
        libc.prctl(process.PR_SET_PDEATHSIG, signal.SIGKILL)
        made = libc.unshare(namespace.CLONE_NEWNET) == 0
        held = _sockets(sockets) if made and sockets > 0 else []
        os.write(tell, b"y" if made and len(held) >= sockets else b"n")
        while True:
            signal.pause()
    os.close(tell)
    made = os.read(ready, 1)
    os.close(ready)
    if made != b"y":
        raise RuntimeError("cannot make a network namespace")
    return child


def _sockets(count):
    """A listener, and connections to it: both ends."""
    subprocess.run(["ip", "link", "set", "lo", "up"], check=True)
    listener = socket.create_server(("127.0.0.1", 8080))
    held = [listener]
    while len(held) < count:
        held.append(socket.create_connection(("127.0.0.1", 8080)))
        held.append(listener.accept()[0])
    return held


if __name__ == "__main__":
    sys.exit(namespace.run(main))
