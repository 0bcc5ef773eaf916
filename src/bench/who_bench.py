#!/usr/bin/env python3
"""The wall time of `portpool who PORT` beside its peers on a host with many sockets.

In a network namespace of its own it makes a population of connections, and then a process that
listens on port 60696: the last one to start, so that whoever walks the processes in order finds it
last. Whole processes are timed, from start to end with the start of the JVM, one reader after the
other in each round:

    who       ./portpool who 60696, which looks into every namespace
    ss        ss -tanp, its output searched for the port
    lsof      lsof -nP -i :60696

and the same for the port of one connection, another one in each round.
"""

import argparse
import random
import statistics
import subprocess
import sys
import time
from pathlib import Path

import namespace
import population
import process

PORTPOOL = str(Path(__file__).resolve().parents[2] / "portpool")
PORT = 60696
BAR_SOCKETS = 100_000
BAR = 2.0
RESERVED = "/proc/sys/net/ipv4/ip_local_reserved_ports"
LISTENER = f"import socket; s = socket.create_server(('', {PORT})); print('listens', flush=True); input()"


def main():
    parser = argparse.ArgumentParser(description=__doc__.split("\n", 1)[0])
    parser.add_argument("--sockets", type=int, default=BAR_SOCKETS)
    parser.add_argument("--rounds", type=int, default=7)
    arguments = parser.parse_args()
    namespace.require("ss", "ip", "lsof")
    namespace.enter_own()
    with open(RESERVED, "w", encoding="ascii") as reserved:
        reserved.write(str(PORT))
    sockets = population.Population()
    try:
        sockets.grow_to(arguments.sockets)
        return measure(sockets.sockets, arguments.rounds)
    finally:
        sockets.close()


def measure(sockets, rounds):
    listener = process.start(
        [sys.executable, "-c", LISTENER], stdin=subprocess.PIPE, stdout=subprocess.PIPE
    )
    try:
        if not listener.stdout.readline():
            raise RuntimeError(f"nobody can listen on port {PORT}")
        for command in readers(PORT).values():  # who builds where it has to
            run(command, PORT)
        clients = client_ports()
        print(f"{sockets:,} sockets, {rounds} rounds, wall time of whole processes")
        listening = table("a listener, the last process", rounds, lambda: PORT)
        table("one connection", rounds, lambda: random.choice(clients))
    finally:
        process.stop(listener)
    if sockets >= BAR_SOCKETS and min(listening.values()) < BAR:
        print(f"missed: the peers must take {BAR} times as long as who")
        return 1
    return 0


def table(title, rounds, next_port):
    """Times the readers in turn and prints a line for each; returns the ratios to who."""
    seconds = {}
    for _ in range(rounds):
        port = next_port()
        for reader, command in readers(port).items():
            seconds.setdefault(reader, []).append(run(command, port))
    print(f"\n{title}")
    ratios = {}
    for reader, times in seconds.items():
        own = [theirs / ours for theirs, ours in zip(times, seconds["who"])]
        ratios[reader] = statistics.median(own)
        print(
            f"  {reader:<6}{1000 * statistics.median(times):>8.0f} ms"
            f"{ratios[reader]:>8.2f} ({min(own):.2f} - {max(own):.2f}) times who"
        )
    del ratios["who"]
    return ratios


def readers(port):
    """The commands that answer who has a port."""
    return {
        "who": [PORTPOOL, "who", str(port)],
        "ss": ["sh", "-c", f"ss -tanp | grep :{port}"],
        "lsof": ["lsof", "-nP", "-i", f":{port}"],
    }


def run(command, port):
    """Wall time of one run of a command, which must find the port."""
    start = time.perf_counter()
    outcome = subprocess.run(command, capture_output=True, text=True, check=True)
    end = time.perf_counter()
    if str(port) not in outcome.stdout or "python3" not in outcome.stdout:
        raise RuntimeError(f"{' '.join(command)} does not name the process on port {port}")
    return end - start


def client_ports():
    """The ports of the population's connections."""
    peer = f"dport = :{population.SERVER_PORT}"
    lines = subprocess.run(
        ["ss", "-Htn", "state", "established", peer], capture_output=True, text=True, check=True
    ).stdout.splitlines()
    return [int(line.split()[2].rsplit(":", 1)[1]) for line in lines]


if __name__ == "__main__":
    sys.exit(namespace.run(main))
