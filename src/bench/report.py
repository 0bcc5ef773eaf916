"""The table that the benchmark prints, and the bars that it holds the agent to."""

from measurement import NODE, OURS, OURS_WHOLE, READERS, SS

BARS = {
    100_000: {" ".join(SS): 0.20, NODE: 0.40},
    1_000_000: {" ".join(SS): 0.25},
}
GROWTH_BAR_MB = 16
SCRAPE_BAR_MS = 5
SCRAPE_GROWTH_BAR = 1.5


def table(columns):
    """All figures, a column for each number of sockets."""
    lines = [_line("sockets", [f"{column.sockets:,}" for column in columns])]
    lines += ["", "CPU ms of one sample (median of the rounds)"]
    for reader in READERS:
        lines.append(_line(reader, [f"{column.milliseconds(reader):.2f}" for column in columns]))
    lines += ["", "CPU of one sample of portpool in ratio to theirs (lowest - highest round)"]
    for reader in READERS[2:]:
        lines.append(_line(reader, [_ratio(column, OURS, reader) for column in columns]))
    lines += ["", "The same with the whole process of portpool"]
    for reader in READERS[2:]:
        lines.append(_line(reader, [_ratio(column, OURS_WHOLE, reader) for column in columns]))
    lines += ["", "Peak memory MB (portpool, node_exporter: since their start)"]
    for reader in READERS[1:]:
        lines.append(_line(reader, [f"{column.peak_mb[reader]:.1f}" for column in columns]))
    lines += ["", "portpool alone"]
    lines.append(_line("RSS MB, running all along", [f"{column.rss_mb:.1f}" for column in columns]))
    new = [f"{column.new_rss_mb:.1f}" for column in columns]
    lines.append(_line("RSS MB, after a first sample", new))
    scrapes = [f"{1000 * column.scrape_cpu:.2f}" for column in columns]
    lines.append(_line("CPU ms of one scrape", scrapes))
    return "\n".join(lines)


def _line(label, cells):
    return f"  {label:<34}" + "".join(f"{cell:>20}" for cell in cells)


def _ratio(column, ours, theirs):
    ratios = column.ratios(ours, theirs)
    return f"{_median(ratios):.2f} ({ratios[0]:.2f} - {ratios[-1]:.2f})"


def _median(ordered):
    middle = len(ordered) // 2
    return ordered[middle] if len(ordered) % 2 else (ordered[middle - 1] + ordered[middle]) / 2


def bars(columns):
    """Each bar as (met or not, the sentence about it)."""
    first, last = columns[0], columns[-1]
    results = []
    for column in columns:
        for reader, bar in BARS.get(column.sockets, {}).items():
            ratio = _median(column.ratios(OURS_WHOLE, reader))
            text = f"a sample at {column.sockets:,} sockets takes the process {ratio:.2f} of {reader}'s CPU"
            results.append((ratio <= bar, f"{text}, at most {bar:.2f}"))
    growth = max(last.rss_mb - first.rss_mb, last.new_rss_mb - first.new_rss_mb)
    text = f"memory grows by {growth:.1f} MB from {first.sockets:,} to {last.sockets:,} sockets"
    results.append((growth <= GROWTH_BAR_MB, f"{text}, at most {GROWTH_BAR_MB}"))
    scrape_ms = 1000 * max(column.scrape_cpu for column in columns)
    text = f"a scrape takes at most {scrape_ms:.2f} ms of CPU"
    results.append((scrape_ms < SCRAPE_BAR_MS, f"{text}, under {SCRAPE_BAR_MS}"))
    factor = last.scrape_cpu / first.scrape_cpu
    text = f"at {last.sockets:,} sockets it takes {factor:.2f} of what it does at {first.sockets:,}"
    results.append((factor <= SCRAPE_GROWTH_BAR, f"{text}, at most {SCRAPE_GROWTH_BAR}"))
    return results


def verdict(results):
    """The bars as text, a line each."""
    return "\n".join(f"{'met   ' if met else 'MISSED'}  {sentence}" for met, sentence in results)
