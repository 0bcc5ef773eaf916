"""Holds sockets in one way until its input ends: holder.py WAY [ARGUMENT...]; prints a line once they are there.

bound COUNT            TCP sockets bound to ports of the kernel's choice
listen FIRST STEP COUNT  TCP listeners on FIRST, FIRST + STEP, ...
fill HOST PORT         connections until there is no port left
some HOST PORT COUNT   so many connections
syn HOST PORT COUNT    connections that nobody answers
random FIRST LAST COUNT SECONDS  UDP sockets on random ports, each for some seconds
range FIRST LAST HOST PORT  connects from its own range (IP_LOCAL_PORT_RANGE), and again and again when that is full
"""

import errno
import random
import resource
import select
import socket
import struct
import sys
import time

IP_LOCAL_PORT_RANGE = 51


def tcp():
    return socket.socket(socket.AF_INET, socket.SOCK_STREAM)


def ready():
    print("ready", flush=True)


def ends():
    return bool(select.select([sys.stdin], [], [], 0)[0])


def bound(count):
    held = []
    for _ in range(int(count)):
        held.append(tcp())
        held[-1].bind(("127.0.0.1", 0))
    ready()
    sys.stdin.read()


def listen(first, step, count):
    held = []
    for i in range(int(count)):
        held.append(tcp())
        held[-1].bind(("0.0.0.0", int(first) + i * int(step)))
        held[-1].listen(1)
    ready()
    sys.stdin.read()


def fill(host, port):
    held = []
    result = 0
    while result == 0:
        held.append(tcp())
        result = held[-1].connect_ex((host, int(port)))
    if result != errno.EADDRNOTAVAIL:
        sys.exit(errno.errorcode[result])
    held.pop().close()
    ready()
    sys.stdin.read()


def some(host, port, count):
    held = [socket.create_connection((host, int(port))) for _ in range(int(count))]
    ready()
    sys.stdin.read()
    held.clear()


def syn(host, port, count):
    held = []
    for _ in range(int(count)):
        held.append(tcp())
        held[-1].setblocking(False)
        result = held[-1].connect_ex((host, int(port)))
        if result != errno.EINPROGRESS:
            sys.exit(errno.errorcode[result])
    ready()
    sys.stdin.read()


def take(first, last):
    while True:
        candidate = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
        try:
            candidate.bind(("0.0.0.0", random.randint(int(first), int(last))))
            return candidate
        except OSError:
            candidate.close()


def churn(first, last, count, seconds):
    life = float(seconds)
    now = time.monotonic()
    held = [(now + life * i / int(count), take(first, last)) for i in range(int(count))]
    ready()
    while not ends():
        now = time.monotonic()
        while held[0][0] <= now:
            held.pop(0)[1].close()
            held.append((now + life, take(first, last)))
        time.sleep(0.01)


def own_range(first, last, host, port):
    held = []
    full = False
    while not ends():
        client = tcp()
        client.setsockopt(
            socket.IPPROTO_IP, IP_LOCAL_PORT_RANGE, struct.pack("=HH", int(first), int(last)))
        result = client.connect_ex((host, int(port)))
        if result == 0:
            held.append(client)
        elif result == errno.EADDRNOTAVAIL:
            client.close()
            if not full:
                ready()
            full = True
            time.sleep(0.02)
        else:
            sys.exit(errno.errorcode[result])


with open("/proc/self/comm", "w", encoding="ascii") as comm:
    comm.write("holder")
hard = resource.getrlimit(resource.RLIMIT_NOFILE)[1]
resource.setrlimit(resource.RLIMIT_NOFILE, (hard, hard))
{"bound": bound, "listen": listen, "fill": fill, "some": some, "syn": syn, "random": churn, "range": own_range}[sys.argv[1]](
    *sys.argv[2:])
