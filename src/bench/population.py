"""A population of idle TCP connections over loopback, spread over child processes.

Both ends of a connection are here, so N sockets are N/2 connections: one half of the sockets are
clients on ports of the ephemeral range, the other half are the servers' ends on port 8080. One half
of the connections share a few destinations, as behind a load balancer; the other half go to one of
many each, so that the number of destinations grows with the number of sockets.
"""

import os
import resource
import signal
import socket
import struct

SERVER_PORT = 8080
SHARED_DESTINATIONS = 64
OTHER_DESTINATIONS = 50_000
CONNECTIONS_PER_PROCESS = 9_000
FILES_PER_PROCESS = 2 * CONNECTIONS_PER_PROCESS + 1_000

# A connection is reset when its process ends: none of them lingers in TIME_WAIT.
RESET_ON_CLOSE = struct.pack("ii", 1, 0)


class Population:
    """Grows on demand, and ends on close() or with the process that made it."""

    def __init__(self):
        _allow_files()
        self.sockets = 0
        self._children = []
        self._lifeline_end, self._lifeline = os.pipe()
        self._listener = socket.create_server(("0.0.0.0", SERVER_PORT))

    def grow_to(self, sockets):
        """Adds connections until there are so many sockets, listeners not counted."""
        while self.sockets < sockets:
            missing = (sockets - self.sockets + 1) // 2
            connections = min(missing, CONNECTIONS_PER_PROCESS)
            self._add(connections)
            self.sockets += 2 * connections

    def _add(self, connections):
        first = self.sockets // 2
        report_end, report = os.pipe()
        child = os.fork()
        if child == 0:
            os.close(self._lifeline)
            numbers = range(first, first + connections)
            _live(self._listener, numbers, report, self._lifeline_end)
        os.close(report)
        self._children.append(child)
        with open(report_end, "rb") as reader:
            outcome = reader.read().decode()
        if outcome != "made":
            raise RuntimeError(f"cannot make {connections:,} connections: {outcome or 'killed'}")

    def close(self):
        """Ends all connections and waits until they are gone."""
        os.close(self._lifeline)
        for child in self._children:
            os.waitpid(child, 0)
        self._listener.close()


def _allow_files():
    hard = resource.getrlimit(resource.RLIMIT_NOFILE)[1]
    if hard != resource.RLIM_INFINITY:
        hard = max(hard, FILES_PER_PROCESS)
    try:
        resource.setrlimit(resource.RLIMIT_NOFILE, (FILES_PER_PROCESS, hard))
    except ValueError as e:
        raise RuntimeError(f"each process needs {FILES_PER_PROCESS:,} open files: {e}") from e


def _live(listener, numbers, report, lifeline):
    """What a child does: connects, reports, and holds on until its parent is gone."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    signal.signal(signal.SIGTERM, signal.SIG_IGN)
    try:
        for number in numbers:
            _connect(listener, _destination(number))
        os.write(report, b"made")
    except OSError as e:
        os.write(report, str(e).encode())
    os.close(report)
    os.read(lifeline, 1)
    os._exit(0)


def _destination(number):
    if number % 2 == 0:
        return f"127.1.0.{number // 2 % SHARED_DESTINATIONS + 1}"
    high, low = divmod(number // 2 % OTHER_DESTINATIONS, 250)
    return f"127.2.{high}.{low + 1}"


def _connect(listener, destination):
    client = socket.socket()
    client.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, RESET_ON_CLOSE)
    client.connect((destination, SERVER_PORT))
    server, _ = listener.accept()
    server.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, RESET_ON_CLOSE)
    client.detach()
    server.detach()
