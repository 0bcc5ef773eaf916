package io.github.portpool.source.failures;

import io.github.portpool.host.ConnectFailures.Culprit;
import io.github.portpool.table.IpAddress;
import java.time.Duration;
import java.util.HashMap;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.LongSupplier;

/**
 * Whose connect() failed, and how often, in a bounded number of rows.
 *
 * <p>A new row replaces the one whose last failure was longest ago, if that was more than ten
 * minutes. What has no row is counted together. For one thread at a time.
 */
final class CulpritTable {
  static final Duration KEPT = Duration.ofMinutes(10);

  private record Key(
      String process, long netns, long controlGroup, long high, long low, int port) {}

  private static final class Row {
    private long failures;
    private long lastNanos;
  }

  /** The row whose last failure was longest ago is the first. */
  private final LinkedHashMap<Key, Row> rows = new LinkedHashMap<>(64, 0.75f, true);

  private final int mostRows;
  private final LongSupplier nanoTime;
  private long untracked;
  private long failures;

  /** An empty table of at most {@code mostRows} rows, with its clock. */
  CulpritTable(int mostRows, LongSupplier nanoTime) {
    this.mostRows = mostRows;
    this.nanoTime = nanoTime;
  }

  /** Counts one failure. */
  void add(ProcessNames.Identity who, long controlGroup, long high, long low, int port) {
    failures++;
    long now = nanoTime.getAsLong();
    Key key = new Key(who.name(), who.netns(), controlGroup, high, low, port);
    Row row = rows.get(key);
    if (row == null) {
      if (rows.size() == mostRows && !dropOldest(now)) {
        untracked++;
        return;
      }
      row = new Row();
      rows.put(key, row);
    }
    row.failures++;
    row.lastNanos = now;
  }

  private boolean dropOldest(long now) {
    Iterator<Row> oldestFirst = rows.values().iterator();
    if (!oldestFirst.hasNext()) {
      return false;
    }
    Row oldest = oldestFirst.next();
    if (now - oldest.lastNanos <= KEPT.toNanos()) {
      return false;
    }
    untracked += oldest.failures;
    oldestFirst.remove();
    return true;
  }

  /** All failures, those without a row too. */
  long failures() {
    return failures;
  }

  /** Those without a row, because there was none free, or it has been given to another. */
  long untracked() {
    return untracked;
  }

  /** The failures of each row. */
  Map<Culprit, Long> culprits() {
    Map<Culprit, Long> culprits = new HashMap<>();
    for (Map.Entry<Key, Row> row : rows.entrySet()) {
      Key key = row.getKey();
      String destination = IpAddress.withPort(key.high, key.low, key.port);
      culprits.put(
          new Culprit(key.netns, key.process, key.controlGroup, destination),
          row.getValue().failures);
    }
    return culprits;
  }
}
