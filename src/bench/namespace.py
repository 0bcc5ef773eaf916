"""The network namespace of a benchmark, and what it needs of the machine."""

import ctypes
import os
import shutil
import signal
import subprocess
import sys

NAME = os.path.splitext(os.path.basename(sys.argv[0]))[0]
CLONE_NEWNET = 0x40000000  # include/uapi/linux/sched.h


def require(*tools):
    """Ends the benchmark with one sentence where it cannot run."""
    if sys.platform != "linux" or os.geteuid() != 0:
        sys.exit(f"{NAME}: run it as root on Linux, it makes a network namespace of its own")
    for tool in tools:
        if shutil.which(tool) is None:
            sys.exit(f"{NAME}: {tool} is missing (see the Makefile)")


def enter_own():
    """Moves this process, and the children it will have, into a new network namespace.

    The namespace has no name: the kernel removes it with its last process, however that ends.
    """
    libc = ctypes.CDLL(None, use_errno=True)
    if libc.unshare(CLONE_NEWNET) != 0:
        reason = os.strerror(ctypes.get_errno())
        sys.exit(f"{NAME}: cannot make a network namespace ({reason}): it takes CAP_SYS_ADMIN")
    subprocess.run(["ip", "link", "set", "lo", "up"], check=True)


def run(main):
    """Runs a benchmark to its exit code; on Ctrl-C, SIGTERM or failure it tidies up and says so."""
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(143))
    try:
        return main()
    except KeyboardInterrupt:
        return 130
    except (RuntimeError, OSError, subprocess.SubprocessError) as e:
        print(f"{NAME}: {e}", file=sys.stderr)
        return 2
