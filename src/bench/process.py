"""What a process costs: CPU time and memory, as the kernel counts them."""

import ctypes
import os
import signal
import subprocess
import time

PR_SET_PDEATHSIG = 1  # include/uapi/linux/prctl.h
REST_SECONDS = 30
_libc = ctypes.CDLL(None)


def start(command, **options):
    """Starts a process that ends with this one, however this one ends."""
    return subprocess.Popen(command, preexec_fn=_end_with_parent, **options)


def _end_with_parent():
    _libc.prctl(PR_SET_PDEATHSIG, signal.SIGKILL)


def stop(process):
    """Ends a process, gently at first."""
    process.send_signal(signal.SIGCONT)
    process.terminate()
    try:
        process.wait(10)
    except subprocess.TimeoutExpired:
        process.kill()
        process.wait()


def cpu_seconds(pid):
    """CPU time of a live process since it started, all its threads, to the nanosecond."""
    # include/linux/posix-timers_types.h: make_process_cpuclock(pid, CPUCLOCK_SCHED)
    return time.clock_gettime((~pid << 3) | 2)


def resting_cpu_seconds(pid):
    """The same, read once the process rests after whatever it was doing."""
    end = time.monotonic() + REST_SECONDS
    after = cpu_seconds(pid)
    while time.monotonic() < end:
        before = after
        time.sleep(0.03)
        after = cpu_seconds(pid)
        if after - before < 0.0003:
            return after
    raise RuntimeError(f"process {pid} does not rest")


def memory_mb(pid, field):
    """VmRSS, memory in use now, or VmHWM, its peak; 0 where the process has ended."""
    try:
        with open(f"/proc/{pid}/status", encoding="ascii") as status:
            for line in status:
                if line.startswith(field + ":"):
                    return int(line.split()[1]) / 1024
    except FileNotFoundError:
        pass
    return 0.0


def run_cpu_seconds(command):
    """CPU time of one run of a command, from its start to its end."""
    process = subprocess.Popen(command, stdout=subprocess.DEVNULL)
    _, status, usage = os.wait4(process.pid, 0)
    process.returncode = os.waitstatus_to_exitcode(status)
    if process.returncode != 0:
        raise RuntimeError(f"{' '.join(command)} ended with {process.returncode}")
    return usage.ru_utime + usage.ru_stime


def run_peak_mb(command):
    """Peak memory of one run of a command.

    Polled: the peak that wait4 tells would include this process, which the command was forked from.
    """
    peak = 0.0
    with subprocess.Popen(command, stdout=subprocess.DEVNULL) as process:
        while process.poll() is None:
            peak = max(peak, memory_mb(process.pid, "VmHWM"))
            time.sleep(0.0002)
    return peak
