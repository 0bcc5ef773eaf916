"""Programs that use up a small ephemeral range, each in its own way, until this process ends.

Run it in a network namespace of its own: it makes the range there 1,024 ports wide. What each
program does is said where it is defined; the pool is exhausted after less than two minutes, or
sooner: the first argument is how many times as fast everything goes.
"""

import ctypes
import itertools
import os
import resource
import selectors
import shutil
import signal
import socket
import struct
import subprocess
import sys
import time

FIRST_PORT, LAST_PORT = 32768, 33791
RESERVED_PORT = 33000
POOL_LISTENERS = (32800, 33000, 33306, 33500)

CLIENT = "10.20.0.1"
DATABASE = ("10.20.0.10", 5432)
CACHE = ("10.20.0.20", 6379)
WEB = ("10.20.0.30", 80)
QUEUE = ("10.20.0.40", 5672)
RESOLVER = ("10.20.0.53", 53)

NAT_PORTS = "40000-40099"
NAT_FLOWS = 130
NAT_FIRST_SOURCE = 50000

PACE = float(sys.argv[1]) if len(sys.argv) > 1 else 1
LISTENERS = []

PR_SET_PDEATHSIG, PR_SET_NAME = 1, 15  # include/uapi/linux/prctl.h


def main():
    _prepare()
    for port in (DATABASE[1], CACHE[1], WEB[1], QUEUE[1], *POOL_LISTENERS):
        LISTENERS.append(socket.create_server(("0.0.0.0", port), backlog=1000))
    programs = [servers, shop, sessions, crawler, consumer, leak, resolver]
    if shutil.which("nft") is not None:
        _translate()
        programs.append(forwarder)
    else:
        print("demo: nft is missing, NAT is left out", file=sys.stderr)
    for program in programs:
        _start(program)
    signal.pause()


def servers():
    """Accepts everything; on the queue's port it hangs up at once, else when its peer does."""
    selector = selectors.DefaultSelector()
    for listener in LISTENERS:
        selector.register(listener, selectors.EVENT_READ)
    while True:
        for key, _ in selector.select():
            if key.fileobj not in LISTENERS:
                if not _receive(key.fileobj):
                    selector.unregister(key.fileobj)
                    key.fileobj.close()
                continue
            connection, _ = key.fileobj.accept()
            if connection.getsockname()[1] == QUEUE[1]:
                connection.close()
            else:
                selector.register(connection, selectors.EVENT_READ)


def shop():
    """Connects to the database and never lets go: after 10 quiet seconds until nothing is left.

    It goes on trying, and is refused.
    """
    connections = [_connect(DATABASE) for _ in range(100)]
    _pause(10)
    while True:
        try:
            connections.append(_connect(DATABASE))
            _pause(1 / 10)
        except OSError:
            _pause(1 / 3)


def sessions():
    """Keeps a few hundred connections to the cache, now more, now fewer."""
    connections = []
    for second in itertools.count():
        wanted = 230 + 60 * (1 - abs(second % 80 - 40) / 20)
        while len(connections) < wanted:
            connections.append(_connect(CACHE))
        while len(connections) > wanted:
            _reset(connections.pop())
        _pause(1)


def crawler():
    """Connects and hangs up, which leaves TIME_WAIT behind."""
    while True:
        _connect(WEB).close()
        _pause(1 / 4)


def consumer():
    """Does not notice that its peer has hung up: CLOSE_WAIT."""
    connections = []
    while len(connections) < 120:
        connections.append(_connect(QUEUE))
        _pause(1.5)
    signal.pause()


def leak():
    """Binds sockets and forgets to connect them: each takes its port from every destination."""
    sockets = []
    for _ in range(20):
        leaked = socket.socket()
        leaked.bind((CLIENT, 0))
        sockets.append(leaked)
        _pause(4)
    signal.pause()


def resolver():
    """Opens a UDP socket for each question and keeps it."""
    sockets = []
    while len(sockets) < 760:
        asked = socket.socket(type=socket.SOCK_DGRAM)
        asked.connect(RESOLVER)
        sockets.append(asked)
        _pause(1 / 5)
    signal.pause()


def forwarder():
    """Sends more flows through the NAT than it has ports, from outside the range."""
    sockets = []
    while True:
        if len(sockets) < NAT_FLOWS:
            flow = socket.socket(type=socket.SOCK_DGRAM)
            flow.bind((CLIENT, NAT_FIRST_SOURCE + len(sockets)))
            flow.connect(RESOLVER)
            sockets.append(flow)
        for flow in sockets:
            try:
                flow.send(b"?")
            except OSError:
                pass  # the NAT has no port for it, or nobody listens
        _pause(1)


def _prepare():
    hard = resource.getrlimit(resource.RLIMIT_NOFILE)[1]
    resource.setrlimit(resource.RLIMIT_NOFILE, (hard, hard))
    subprocess.run(["ip", "link", "set", "lo", "up"], check=True)
    subprocess.run(["ip", "addr", "add", CLIENT + "/32", "dev", "lo"], check=True)
    route = ["ip", "route", "add", "local", "10.20.0.0/24", "dev", "lo", "src", CLIENT]
    subprocess.run(route, check=True)
    _set("ip_local_port_range", f"{FIRST_PORT} {LAST_PORT}")
    _set("ip_local_reserved_ports", f"{RESERVED_PORT}")


def _set(name, value):
    with open(f"/proc/sys/net/ipv4/{name}", "w", encoding="ascii") as setting:
        setting.write(value)


def _translate():
    rule = f"ip daddr {RESOLVER[0]} udp sport >= {NAT_FIRST_SOURCE} snat to {CLIENT}:{NAT_PORTS};"
    chain = "chain postrouting { type nat hook postrouting priority srcnat; " + rule + " };"
    subprocess.run(["nft", "table ip demo { " + chain + " }"], check=True)


def _start(program):
    """Runs one in a process that bears its name and ends with this one."""
    parent = os.getpid()
    if os.fork() != 0:
        return
    libc = ctypes.CDLL(None)
    libc.prctl(PR_SET_PDEATHSIG, signal.SIGKILL)
    libc.prctl(PR_SET_NAME, program.__name__.encode())
    if os.getppid() != parent:
        os._exit(1)
    try:
        program()
    except KeyboardInterrupt:
        os._exit(0)


def _connect(destination):
    return socket.create_connection(destination)


def _receive(connection):
    try:
        return connection.recv(4096)
    except ConnectionResetError:
        return b""


def _pause(seconds):
    time.sleep(seconds / PACE)


def _reset(connection):
    connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
    connection.close()


if __name__ == "__main__":
    try:
        main()
    except KeyboardInterrupt:
        pass
