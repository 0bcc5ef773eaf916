"""Makes connect() calls for which there is no port, and prints how many the kernel refused so.

refused.py HOW DESTINATION PORT CALLS [NAME [CPU]]: HOW is tcp, mptcp, or io_uring. It stays until its
input ends, so that it can be looked at. It ends with 77 where the kernel does not know HOW.
"""

import ctypes
import errno
import mmap
import os
import socket
import struct
import sys

IPPROTO_MPTCP = 262
SYS_IO_URING_SETUP = 425
SYS_IO_URING_ENTER = 426
IORING_OP_CONNECT = 16
IORING_ENTER_GETEVENTS = 1
NOT_KNOWN = 77


def new_socket(family, protocol):
    try:
        return socket.socket(family, socket.SOCK_STREAM, protocol)
    except OSError:
        sys.exit(NOT_KNOWN)


def connect(family, protocol, address):
    with new_socket(family, protocol) as client:
        return client.connect_ex(address)


class Ring:
    """An io_uring of one entry, include/uapi/linux/io_uring.h."""

    def __init__(self):
        self._libc = ctypes.CDLL(None, use_errno=True)
        parameters = ctypes.create_string_buffer(120)
        self._fd = self._libc.syscall(SYS_IO_URING_SETUP, 1, parameters)
        if self._fd < 0:
            sys.exit(NOT_KNOWN)
        sq_entries, cq_entries = struct.unpack_from("II", parameters, 0)
        self._sq = struct.unpack_from("8I", parameters, 40)
        self._cq = struct.unpack_from("8I", parameters, 80)
        self._sq_ring = mmap.mmap(self._fd, self._sq[6] + 4 * sq_entries, offset=0)
        self._cq_ring = mmap.mmap(self._fd, self._cq[5] + 16 * cq_entries, offset=0x8000000)
        self._entries = mmap.mmap(self._fd, 64 * sq_entries, offset=0x10000000)

    def connect(self, client, address):
        name = ctypes.create_string_buffer(address, len(address))
        self._entries[0:64] = struct.pack(
            "=BBHiQQ40x", IORING_OP_CONNECT, 0, 0, client.fileno(), len(address),
            ctypes.addressof(name)
        )
        tail = struct.unpack_from("I", self._sq_ring, self._sq[1])[0]
        struct.pack_into("I", self._sq_ring, self._sq[6], 0)
        struct.pack_into("I", self._sq_ring, self._sq[1], tail + 1)
        done = self._libc.syscall(
            SYS_IO_URING_ENTER, self._fd, 1, 1, IORING_ENTER_GETEVENTS, None, 0)
        if done != 1:
            raise OSError(ctypes.get_errno(), "io_uring_enter")
        head, mask = (struct.unpack_from("I", self._cq_ring, self._cq[i])[0] for i in (0, 2))
        result = struct.unpack_from("i", self._cq_ring, self._cq[5] + 16 * (head & mask) + 8)[0]
        struct.pack_into("I", self._cq_ring, self._cq[0], head + 1)
        return -result


def main():
    how, host, port, calls, *rest = sys.argv[1:]
    if rest:
        with open("/proc/self/comm", "w", encoding="ascii") as comm:
            comm.write(rest[0])
    if rest[1:]:
        os.sched_setaffinity(0, {int(rest[1])})
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    refused = 0
    ring = Ring() if how == "io_uring" else None
    for _ in range(int(calls)):
        if ring:
            with new_socket(family, 0) as client:
                address = struct.pack("=H", family) + struct.pack("!H", int(port))
                address += socket.inet_pton(family, host) + bytes(8)
                result = ring.connect(client, address)
        else:
            protocol = IPPROTO_MPTCP if how == "mptcp" else 0
            result = connect(family, protocol, (host, int(port)))
        refused += result == errno.EADDRNOTAVAIL
    print(refused, flush=True)
    sys.stdin.read()


main()
