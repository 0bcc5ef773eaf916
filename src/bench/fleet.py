"""An hour of a simulated fleet: 30 series of each host, as OpenMetrics."""

import math
import random

INTERVAL_SECONDS = 60
SERIES_PER_HOST = 30
SEED = 1

RANGES = [((32768, 60999), 0.9), ((1024, 65535), 0.06), ((15000, 64999), 0.04)]
VERSIONS = [("0.1.0", 0.93), ("0.2.0", 0.07)]
DESTINATIONS = [f"10.0.0.{number}:{5432 if number % 3 else 443}" for number in range(1, 41)]
UDP_DESTINATION = "10.0.0.53:53"


def write(path, hosts, start, end):
    """Writes the samples of all hosts from start to end, in seconds since 1970."""
    chance = random.Random(SEED)
    times = range(start, end + 1, INTERVAL_SECONDS)
    with open(path, "w", encoding="ascii") as file:
        for number in range(hosts):
            for name, labels, values in _host(number, chance, times):
                prefix = f"{name}{{{labels}}} "
                file.writelines(
                    f"{prefix}{value:.10g} {time}\n"
                    for time, value in zip(times, values)
                    if value is not None
                )
        file.write("# EOF\n")


def _host(number, chance, times):
    """The series of a host as (name, labels, values); most are calm, a few run out."""
    job = f'instance="host-{number:04}:10696",job="portpool"'
    here = job + ',netns="host"'
    first, last = _pick(chance, RANGES)
    pool = last - first + 1
    count = len(times)
    down = [number % 400 == 7 and step > count / 2 for step in range(count)]
    stale = number % 500 == 11
    failing = number % 700 == 13

    def constant(name, value, labels=here):
        return name, labels, [value] * count

    def series(name, values, labels=here):
        return name, labels, values

    yield constant("portpool_capacity_ports", pool)
    yield constant("portpool_range_first_port", first)
    yield constant("portpool_range_last_port", last)
    build = job + f',version="{_pick(chance, VERSIONS)}",source="linux"'
    yield constant("portpool_build_info", 1, build)
    yield constant("portpool_sample_success", 0 if failing else 1)
    yield series(
        "portpool_sample_timestamp_seconds",
        [times[0] if stale or failing else time - 2 for time in times],
    )
    yield series("up", [0 if gone else 1 for gone in down], job)
    yield constant("scrape_samples_scraped", 170 + number % 20, job)

    cost = chance.uniform(0.05, 0.4)
    yield series("portpool_sample_cpu_seconds_total", [cost * step for step in range(count)], job)

    yield constant("portpool_conntrack_limit", 262_144)
    yield constant("portpool_conntrack_entries", int(262_144 * chance.betavariate(2, 12)))
    lost = chance.randrange(60, 600) if number % 900 == 17 else 0
    yield series("portpool_conntrack_insert_failed_total", [lost * step for step in range(count)])

    used = {"tcp": _load(chance, pool, count), "udp": _load(chance, pool / 6, count)}
    failures = 0
    refused = []
    for step in range(count):
        failures += chance.randrange(50, 200) if used["tcp"][step] >= pool else 0
        refused.append(failures)
    yield series("portpool_connect_failures_total", refused, job + ',family="ipv4"')
    listeners = 1 if chance.random() < 0.06 else 0
    yield constant("portpool_range_listeners", listeners, here + ',protocol="tcp",reserved="false"')
    for protocol, ports in used.items():
        labels = here + f',protocol="{protocol}"'
        yield series("portpool_worst_destination_used_ports", ports, labels)
        peak = [max(ports[max(0, step - 1) : step + 1]) for step in range(count)]
        yield series("portpool_worst_destination_peak_used_ports", peak, labels)
        yield series("portpool_worst_destination_free_ports", [pool - n for n in ports], labels)
        free = [max(0, pool - int(1.2 * n)) for n in ports]
        yield series("portpool_bind_free_ports", free, labels)
        yield series("portpool_slow_destinations", [int(2 * n > pool) for n in ports], labels)
        yield series("portpool_exhausted_destinations", [int(n >= pool) for n in ports], labels)
    waiting = [int(n * 0.3) for n in used["tcp"]]
    yield series("portpool_sockets", waiting, here + ',protocol="tcp",state="time_wait"')
    for protocol, destinations in (
        ("tcp", chance.sample(DESTINATIONS, 2)),
        ("udp", [UDP_DESTINATION]),
    ):
        for place, destination in enumerate(destinations):
            labels = (
                here
                + f',protocol="{protocol}",source="10.1.{number // 250}.{number % 250}"'
                + f',destination="{destination}"'
            )
            ports = [n >> place for n in used[protocol]]
            yield series("portpool_destination_used_ports", ports, labels)


def _load(chance, pool, count):
    """Ports in use: around a level that few hosts have high, in a wave; one in 250 runs out."""
    level = min(0.95, chance.lognormvariate(-2.6, 0.75))
    ramp = chance.uniform(0.5, 1.3) if chance.random() < 0.004 else 0
    phase = chance.uniform(0, 2 * math.pi)
    values = []
    for step in range(count):
        wave = 1 + 0.15 * math.sin(phase + 2 * math.pi * step / count)
        share = level * wave * chance.uniform(0.97, 1.03) + ramp * step / count
        values.append(int(pool * min(1, share)))
    return values


def _pick(chance, weighted):
    return chance.choices([value for value, _ in weighted], [weight for _, weight in weighted])[0]
