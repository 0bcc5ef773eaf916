"""Measures what all TCP connections of the host pay for the count of connect() calls that failed for lack of a port.

A program on one CPU connects over loopback and closes, both ends counted, in a network namespace of
the benchmark's own. Round by round an agent that counts is started, and one that does not; each is
held while the program is measured, so that only what it asked of the kernel is. The order changes
from round to round.
"""

import argparse
import contextlib
import os
import platform
import statistics
import subprocess
import sys
import tempfile

import exporter
import namespace
import process

AGENT_PORT = 9000
SOURCE = os.path.join(os.path.dirname(os.path.abspath(__file__)), "connect_loop.c")
CONNECTIONS_PER_BATCH = 1_000
BATCHES = 30
BAR = 1.08


def main():
    arguments = _arguments()
    namespace.require("ip", "gcc")
    exporter.build_agent(arguments.agent)
    namespace.enter_own()
    print(
        f"Linux {platform.release()}, {os.cpu_count()} cores, {arguments.rounds} rounds of"
        f" {BATCHES * CONNECTIONS_PER_BATCH:,} connections with and without the count",
        flush=True,
    )
    with _loop() as loop:
        rounds = [_round(arguments.agent, loop, number) for number in range(arguments.rounds)]
    return _report(rounds)


def _arguments():
    parser = argparse.ArgumentParser(description=__doc__.split("\n", maxsplit=1)[0])
    parser.add_argument("--rounds", type=int, default=15, help="default %(default)s")
    parser.add_argument(
        "--agent", default=exporter.LAUNCHER, help="the command under test (default %(default)s)"
    )
    arguments = parser.parse_args()
    if arguments.rounds < 1:
        parser.error("at least one round")
    return arguments


@contextlib.contextmanager
def _loop():
    """The program that connects, on the last CPU that this process may use."""
    with tempfile.TemporaryDirectory() as directory:
        program = os.path.join(directory, "connect_loop")
        subprocess.run(["gcc", "-O2", "-o", program, SOURCE], check=True)
        pipes = {"stdin": subprocess.PIPE, "stdout": subprocess.PIPE, "text": True}
        loop = process.start([program], **pipes)
        try:
            os.sched_setaffinity(loop.pid, {max(os.sched_getaffinity(0))})
            yield loop
        finally:
            process.stop(loop)


def _round(launcher, loop, number):
    """Nanoseconds of one connection as (with, without) the count."""
    costs = {}
    for counting in (True, False) if number % 2 else (False, True):
        flags = [] if counting else ["--failures.disable"]
        agent = exporter.agent(launcher, AGENT_PORT, "1h", 1, *flags)
        with contextlib.closing(agent):
            if _counts(agent.pid) != counting:
                outcome = "does not count" if counting else "counts with --failures.disable"
                raise RuntimeError(f"the agent {outcome}, see its log above")
            agent.pause()
            costs[counting] = _nanoseconds(loop)
    return costs[True], costs[False]


def _counts(pid):
    """Whether a process has perf events open."""
    directory = f"/proc/{pid}/fd"
    links = (os.readlink(os.path.join(directory, fd)) for fd in os.listdir(directory))
    return "anon_inode:[perf_event]" in links


def _nanoseconds(loop):
    """Nanoseconds of one connection, the median of batches after a first one to warm up."""
    batches = []
    for _ in range(1 + BATCHES):
        loop.stdin.write(f"{CONNECTIONS_PER_BATCH}\n")
        loop.stdin.flush()
        line = loop.stdout.readline()
        if not line:
            raise RuntimeError("connect_loop ended, see above")
        batches.append(float(line))
    return statistics.median(batches[1:])


def _report(rounds):
    ratios = sorted(counting / without for counting, without in rounds)
    ratio = statistics.median(ratios)
    for label, costs in zip(("with the count", "without"), zip(*rounds)):
        print(f"  {label:<16}{statistics.median(costs) / 1000:8.2f} us for a connection")
    print(f"  {'ratio':<16}{ratio:8.3f} ({ratios[0]:.3f} - {ratios[-1]:.3f})")
    met = ratio <= BAR
    print(f"\n{'met   ' if met else 'MISSED'}  a connection costs at most {BAR} of what it did")
    return 0 if met else 1


if __name__ == "__main__":
    sys.exit(namespace.run(main))
