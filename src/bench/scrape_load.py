"""Scrapes the agent with many clients at once while it samples, and looks for harm.

Each client scrapes again as soon as it has its answer, in a network namespace of the benchmark's
own. No scrape may fail, and no sample may come later than by one interval.
"""

import argparse
import contextlib
import http.client
import multiprocessing
import os
import platform
import signal
import statistics
import sys
import time

import exporter
import measurement
import namespace
import population
import process

AGENT_PORT = 9000
INTERVAL_SECONDS = 1
GAP_BAR = 2


def main():
    arguments = _arguments()
    namespace.require("ip")
    exporter.build_agent(arguments.agent)
    namespace.enter_own()
    with contextlib.ExitStack() as stack:
        people = stack.enter_context(contextlib.closing(population.Population()))
        people.grow_to(arguments.sockets)
        agent = exporter.agent(arguments.agent, AGENT_PORT, f"{INTERVAL_SECONDS}s", 1)
        stack.enter_context(contextlib.closing(agent))
        measurement.await_sample(agent)
        cpu = process.cpu_seconds(agent.pid)
        end = time.time() + arguments.seconds
        results = _load(arguments.clients, arguments.seconds)
        cpu = process.cpu_seconds(agent.pid) - cpu
        peak = process.memory_mb(agent.pid, "VmHWM")
    return _report(arguments, results, end, cpu, peak)


def _arguments():
    parser = argparse.ArgumentParser(description=__doc__.split("\n", maxsplit=1)[0])
    for name, default in (("seconds", 30), ("clients", 50), ("sockets", 10_000)):
        parser.add_argument(f"--{name}", type=int, default=default, help="default %(default)s")
    parser.add_argument(
        "--agent", default=exporter.LAUNCHER, help="the command under test (default %(default)s)"
    )
    arguments = parser.parse_args()
    if min(arguments.seconds, arguments.clients, arguments.sockets) < 1:
        parser.error("at least one second, one client and one socket")
    return arguments


def _load(clients, seconds):
    """What each client saw, as (latencies, errors, timestamps of samples)."""
    fork = multiprocessing.get_context("fork")
    with fork.Pool(clients, initializer=_leave_interrupts_to_the_parent) as pool:
        return pool.map(_client, [time.monotonic() + seconds] * clients, chunksize=1)


def _leave_interrupts_to_the_parent():
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    signal.signal(signal.SIGTERM, signal.SIG_DFL)


def _client(end):
    connection = http.client.HTTPConnection("127.0.0.1", AGENT_PORT, timeout=10)
    latencies, errors, timestamps = [], [], set()
    while (start := time.monotonic()) < end:
        try:
            body = exporter.scrape(connection)
            latencies.append(time.monotonic() - start)
            timestamps.add(exporter.value(body, "portpool_sample_timestamp_seconds"))
        except (OSError, RuntimeError, http.client.HTTPException) as e:
            errors.append(f"{type(e).__name__}: {e}")
            connection.close()
            time.sleep(0.1)
    return latencies, errors, timestamps


def _report(arguments, results, end, cpu, peak):
    latencies = [1000 * latency for result in results for latency in result[0]]
    errors = [error for result in results for error in result[1]]
    if len(latencies) < 2:
        raise RuntimeError(f"no scrape worked: {errors[:1]}")
    cuts = statistics.quantiles(latencies, n=100)
    timestamps = sorted(set().union(*(result[2] for result in results)))
    gap = max(b - a for a, b in zip(timestamps, [*timestamps[1:], end]))
    print(
        f"Linux {platform.release()}, {os.cpu_count()} cores: {arguments.clients} clients for"
        f" {arguments.seconds} s, {arguments.sockets:,} sockets, a sample each"
        f" {INTERVAL_SECONDS} s"
    )
    print(f"  scrapes            {len(latencies):,} ({len(latencies) / arguments.seconds:,.0f}/s)")
    print(f"  errors             {len(errors)}")
    print(f"  latency ms         p50 {cuts[49]:.1f}, p99 {cuts[98]:.1f}, max {max(latencies):.1f}")
    print(f"  CPU ms per scrape  {1000 * cpu / len(latencies):.2f}, samples included")
    print(f"  peak memory MB     {peak:.1f}")
    print(f"  samples            {len(timestamps)}, largest gap {gap:.3f} s")
    for error in sorted(set(errors)):
        print(f"  {error}")
    met = not errors and gap <= GAP_BAR * INTERVAL_SECONDS
    bar = f"no error, and no gap above {GAP_BAR * INTERVAL_SECONDS} s between two samples"
    print(f"\n{'met   ' if met else 'MISSED'}  {bar}")
    return 0 if met else 1


if __name__ == "__main__":
    sys.exit(namespace.run(main))
