"""Compares the cost of one sample with that of other readers, on the same sockets.

Everything runs in a network namespace of its own, round by round, one reader after the other. The
kernel's table of sockets is the host's, so milliseconds depend on the machine and on what else it
does; the ratios of one run do not.
"""

import argparse
import contextlib
import os
import platform
import sys

import exporter
import measurement
import namespace
import population
import process
import report

AGENTS = {measurement.OURS_WHOLE: (9000, "auto"), measurement.DUMPS_WHOLE: (9002, "linux")}
NEW_AGENT_PORT = 9001
NODE_EXPORTER_PORT = 9100
SMALLEST = 1_000

# The process rests between two samples for at least three times what a sample takes.
INTERVAL = "500ms"
CPU_BUDGET_CORES = 0.25
WARM_UP_SECONDS = 30
SETTLING_SAMPLES = 5


def main():
    arguments = _arguments()
    namespace.require("ip", "ss", "cat", "prometheus-node-exporter")
    exporter.build_agent(arguments.agent)
    namespace.enter_own()
    print(
        f"Linux {platform.release()}, {os.cpu_count()} cores, {arguments.rounds} rounds;"
        " half of the sockets are clients on ephemeral ports",
        flush=True,
    )
    columns = _measure(arguments)
    results = report.bars(columns)
    print(report.table(columns), report.verdict(results), sep="\n\n")
    return 0 if all(met for met, _ in results) else 1


def _arguments():
    parser = argparse.ArgumentParser(description=__doc__.split("\n", maxsplit=1)[0])
    parser.add_argument(
        "--sockets",
        type=int,
        default=100_000,
        help="the largest population (default %(default)s); smaller ones are powers of ten",
    )
    parser.add_argument("--rounds", type=int, default=7, help="default %(default)s")
    parser.add_argument(
        "--agent", default=exporter.LAUNCHER, help="the command under test (default %(default)s)"
    )
    arguments = parser.parse_args()
    if arguments.sockets < SMALLEST or arguments.rounds < 1:
        parser.error(f"at least {SMALLEST} sockets and one round")
    return arguments


def _populations(largest):
    size = SMALLEST
    while size < largest:
        yield size
        size *= 10
    yield largest


def _measure(arguments):
    with contextlib.ExitStack() as stack:
        people = stack.enter_context(contextlib.closing(population.Population()))
        agents = {}
        for whole, (port, source) in AGENTS.items():
            agent = exporter.agent(
                arguments.agent, port, INTERVAL, CPU_BUDGET_CORES, f"--source={source}"
            )
            agents[whole] = stack.enter_context(contextlib.closing(agent))
        node = exporter.Exporter(
            measurement.NODE_EXPORTER
            + [f"--web.listen-address=127.0.0.1:{NODE_EXPORTER_PORT}"],
            NODE_EXPORTER_PORT,
        )
        stack.enter_context(contextlib.closing(node))
        columns = []
        for size in _populations(arguments.sockets):
            people.grow_to(size)
            if not columns:
                for agent in agents.values():
                    measurement.warm_up(agent, WARM_UP_SECONDS)
                    agent.pause()
            columns.append(_column(people.sockets, agents, node, arguments))
            print(f"measured {people.sockets:,} sockets", file=sys.stderr, flush=True)
        return columns


def _column(sockets, agents, node, arguments):
    column = measurement.Column(sockets)
    for agent in agents.values():
        agent.resume()
        measurement.sample_cpu_seconds(agent, SETTLING_SAMPLES)
        seen = exporter.value(agent.scrape(), "portpool_sample_sockets")
        if seen < sockets / 2:
            raise RuntimeError(f"the agent sees {seen:,.0f} of {sockets / 2:,.0f} clients")
        agent.pause()
    for _ in range(arguments.rounds):
        measurement.measure_round(column, agents, node)
    measurement.measure_memory(column, agents, node)
    newcomer = exporter.agent(arguments.agent, NEW_AGENT_PORT, "10m", CPU_BUDGET_CORES)
    with contextlib.closing(newcomer):
        measurement.await_sample(newcomer)
        column.new_rss_mb = process.memory_mb(newcomer.pid, "VmRSS")
        column.scrape_cpu = measurement.scrape_cpu_seconds(newcomer)
    return column


if __name__ == "__main__":
    sys.exit(namespace.run(main))
