"""A process with /metrics over HTTP: the agent under test, and the exporter it is compared with."""

import gzip
import http.client
import os
import re
import shlex
import signal
import subprocess
import time

import process

ROOT = os.path.dirname(os.path.dirname(os.path.dirname(os.path.abspath(__file__))))

# Whatever flags the JVM runs with are the launcher's.
LAUNCHER = os.path.join(ROOT, "portpool")

# What Prometheus sends, less its protobuf.
HEADERS = {
    "Accept": "application/openmetrics-text;version=1.0.0,text/plain;version=0.0.4;q=0.5",
    "Accept-Encoding": "gzip",
}
START_SECONDS = 60


class Exporter:
    """Starts the process, waits until it answers, scrapes it over one kept connection."""

    def __init__(self, command, port, **options):
        self._connection = http.client.HTTPConnection("127.0.0.1", port, timeout=30)
        self._process = process.start(command, **options)
        self.pid = self._process.pid
        try:
            self._wait()
        except BaseException:
            self.close()
            raise

    def _wait(self):
        end = time.monotonic() + START_SECONDS
        while True:
            try:
                self.scrape()
                return
            except OSError as e:
                self._connection.close()
                if self._process.poll() is not None or time.monotonic() > end:
                    name = self._process.args[0]
                    raise RuntimeError(f"{name} does not answer: {e}") from e
            time.sleep(0.1)

    def scrape(self):
        """The body of one answer, unpacked."""
        return scrape(self._connection)

    def pause(self):
        """Holds the process, so that it takes nothing from what is measured beside it."""
        os.kill(self.pid, signal.SIGSTOP)

    def resume(self):
        """Lets the process go on; it may take its kept connection for idle, so that one is new."""
        self._connection.close()
        os.kill(self.pid, signal.SIGCONT)

    def close(self):
        """Ends the process."""
        self._connection.close()
        process.stop(self._process)


def scrape(connection):
    """The body of one answer, unpacked; an answer that is not whole is an error."""
    connection.request("GET", "/metrics", headers=HEADERS)
    response = connection.getresponse()
    body = response.read()
    if response.status != 200:
        raise RuntimeError(f"/metrics answers {response.status}")
    if response.getheader("Content-Encoding") == "gzip":
        body = gzip.decompress(body)
    if "openmetrics" in response.getheader("Content-Type", "") and not body.endswith(b"# EOF\n"):
        raise RuntimeError("/metrics answers half a page")
    return body


def build_agent(launcher):
    """Lets the launcher build what it will run: inside the namespace there is no network."""
    version = subprocess.run(
        [*shlex.split(launcher), "--version"], check=False, stdout=subprocess.DEVNULL
    )
    if version.returncode != 0:
        raise RuntimeError(f"{launcher} does not run, see above")


def agent(launcher, port, interval, cpu_budget_cores, *flags):
    """The agent under test."""
    return Exporter(
        shlex.split(launcher)
        + [
            "serve",
            f"--web.listen-address=127.0.0.1:{port}",
            f"--sample.interval={interval}",
            f"--sample.cpu-budget={cpu_budget_cores}",
            "--log.level=warn",
            *flags,
        ],
        port,
    )


def value(body, name):
    """The value of a metric: that of the agent's own namespace, where it has several."""
    for labels in (r'\{[^}]*netns="host"[^}]*\}', r"(?:\{[^}]*\})?"):
        found = re.search(rf"^{name}{labels} (\S+)".encode(), body, re.MULTILINE)
        if found is not None:
            return float(found[1])
    raise RuntimeError(f"/metrics has no {name}")
