"""What is measured: CPU time of one sample, reader by reader, and what a scrape costs the agent."""

import statistics
import time
from dataclasses import dataclass, field

import exporter
import process

SS = ["ss", "-tan"]
PROC = ["cat", "/proc/net/tcp", "/proc/net/tcp6"]
NODE_EXPORTER = [
    "prometheus-node-exporter",
    "--collector.disable-defaults",
    "--collector.tcpstat",
    "--log.level=error",
]

OURS = "portpool, its samples"
OURS_WHOLE = "portpool, whole process"
DUMPS_WHOLE = "portpool --source=linux"
NODE = "node_exporter tcpstat"
COMMANDS = {" ".join(SS): SS, " ".join(PROC): PROC}
READERS = [OURS, OURS_WHOLE, DUMPS_WHOLE, " ".join(SS), NODE, " ".join(PROC)]

# Seldom: a scrape on the other core disturbs the sample, and nobody disturbs the other readers.
POLL_SECONDS = 0.2
SAMPLES_PER_ROUND = 3
UNWATCHED_SECONDS = 2.0
SCRAPES_PER_BATCH = 200
SCRAPE_BATCHES = 5
SCRAPE_WARM_UP = 1_000


@dataclass
class Column:
    """What was measured at one number of sockets; CPU in seconds, one value per round."""

    sockets: int
    cpu: dict = field(default_factory=lambda: {reader: [] for reader in READERS})
    peak_mb: dict = field(default_factory=dict)
    rss_mb: float = 0
    new_rss_mb: float = 0
    scrape_cpu: float = 0

    def milliseconds(self, reader):
        """CPU time of one sample, the median of the rounds."""
        return 1000 * statistics.median(self.cpu[reader])

    def ratios(self, ours, theirs):
        """The ratios within each round, sorted."""
        return sorted(a / b for a, b in zip(self.cpu[ours], self.cpu[theirs]))


def measure_round(column, agents, node):
    """One round: each reader once, each agent held while it is not its turn."""
    for whole, agent in agents.items():
        agent.resume()
        sample = sample_cpu_seconds(agent, SAMPLES_PER_ROUND)
        if whole == OURS_WHOLE:
            column.cpu[OURS].append(sample)
        column.cpu[whole].append(sample * whole_process_factor(agent))
        agent.pause()
    column.cpu[NODE].append(node_cpu_seconds(node))
    for reader, command in COMMANDS.items():
        column.cpu[reader].append(process.run_cpu_seconds(command))


def measure_memory(column, agents, node):
    """Memory after the rounds: of processes that stay, the peak since their start."""
    column.rss_mb = process.memory_mb(agents[OURS_WHOLE].pid, "VmRSS")
    for whole, agent in agents.items():
        column.peak_mb[whole] = process.memory_mb(agent.pid, "VmHWM")
    column.peak_mb[NODE] = process.memory_mb(node.pid, "VmHWM")
    for reader, command in COMMANDS.items():
        column.peak_mb[reader] = process.run_peak_mb(command)


def warm_up(agent, seconds):
    """Lets an agent sample so long, scraped as often as it will be later."""
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        agent.scrape()
        time.sleep(POLL_SECONDS)


def sample_cpu_seconds(agent, count):
    """CPU time of a sample by the agent's own counter, the mean of so many."""
    next_sample(agent)
    first = samples_cpu_total(agent)
    for _ in range(count):
        next_sample(agent)
    return (samples_cpu_total(agent) - first) / count


def next_sample(agent):
    """Returns just after the agent took a sample."""
    name = "portpool_sample_timestamp_seconds"
    before = after = exporter.value(agent.scrape(), name)
    while after == before:
        time.sleep(POLL_SECONDS)
        body = agent.scrape()
        if exporter.value(body, "portpool_sample_success") != 1:
            raise RuntimeError("the agent cannot sample, see its log above")
        after = exporter.value(body, name)


def await_sample(agent):
    """Returns once the agent, newly started, has taken its first sample."""
    while exporter.value(agent.scrape(), "portpool_sample_success") != 1:
        time.sleep(POLL_SECONDS)


def samples_cpu_total(agent):
    """CPU time of all samples so far, by the agent's own counter."""
    return exporter.value(agent.scrape(), "portpool_sample_cpu_seconds_total")


def whole_process_factor(agent):
    """CPU time of the process for each second that its samples say they took, unscraped."""
    next_sample(agent)
    interval = exporter.value(agent.scrape(), "portpool_sample_interval_seconds")
    samples_before = samples_cpu_total(agent)
    before = process.resting_cpu_seconds(agent.pid)
    time.sleep(max(UNWATCHED_SECONDS, 1.5 * interval))
    after = process.resting_cpu_seconds(agent.pid)
    return (after - before) / (samples_cpu_total(agent) - samples_before)


def node_cpu_seconds(node):
    """CPU time of one scrape, which is one sample there, and of what follows it."""
    before = process.resting_cpu_seconds(node.pid)
    node.scrape()
    return process.resting_cpu_seconds(node.pid) - before


def scrape_cpu_seconds(agent):
    """CPU time of one scrape of an agent that takes no sample meanwhile, the median of batches."""
    for _ in range(SCRAPE_WARM_UP):
        agent.scrape()
    samples = samples_cpu_total(agent)
    costs = [_batch_cpu_seconds(agent) / SCRAPES_PER_BATCH for _ in range(SCRAPE_BATCHES)]
    if samples_cpu_total(agent) != samples:
        raise RuntimeError("the agent sampled while its scrapes were measured")
    return statistics.median(costs)


def _batch_cpu_seconds(agent):
    before = process.resting_cpu_seconds(agent.pid)
    for _ in range(SCRAPES_PER_BATCH):
        agent.scrape()
    return process.resting_cpu_seconds(agent.pid) - before
