package io.github.portpool.source.conntrack;

import io.github.portpool.linux.MalformedMessageException;
import java.util.Arrays;
import java.util.Iterator;

/**
 * The sums of /proc/net/stat/nf_conntrack, {@code ct_cpu_seq_show} in {@code
 * net/netfilter/nf_conntrack_standalone.c}: a line with the names of the columns, then one for each
 * possible CPU, in hexadecimal digits.
 *
 * <p>The counters of a CPU have 32 bits and wrap; the sums have 64 and never fall. For one thread.
 */
final class ConntrackCounters {
  private final Sum insertFailed = new Sum();
  private final Sum drops = new Sum();

  /**
   * Adds what the counters have moved by since the last time.
   *
   * @throws MalformedMessageException when it is another table; what was added stays right
   */
  void update(String text) throws MalformedMessageException {
    Iterator<String> lines = text.lines().iterator();
    if (!lines.hasNext()) {
      throw new MalformedMessageException("an empty table of counters");
    }
    String[] names = cells(lines.next());
    int insertFailedColumn = column(names, "insert_failed");
    int dropColumn = column(names, "drop");
    if (!lines.hasNext()) {
      throw new MalformedMessageException("counters of no CPU");
    }
    for (int cpu = 0; lines.hasNext(); cpu++) {
      String[] cells = cells(lines.next());
      insertFailed.update(cpu, number(cells, insertFailedColumn));
      drops.update(cpu, number(cells, dropColumn));
    }
  }

  long insertFailed() {
    return insertFailed.sum;
  }

  long drops() {
    return drops.sum;
  }

  private static String[] cells(String line) {
    return line.strip().split("\\s+");
  }

  private static int column(String[] names, String name) throws MalformedMessageException {
    int column = Arrays.asList(names).indexOf(name);
    if (column < 0) {
      throw new MalformedMessageException("no counter " + name);
    }
    return column;
  }

  private static int number(String[] cells, int column) throws MalformedMessageException {
    if (column >= cells.length) {
      throw new MalformedMessageException("counters in " + cells.length + " columns");
    }
    try {
      return Integer.parseUnsignedInt(cells[column], 16);
    } catch (NumberFormatException e) {
      throw new MalformedMessageException("a counter that is no number");
    }
  }

  /** One counter over all CPUs. */
  private static final class Sum {
    private int[] last = {};
    private long sum;

    void update(int cpu, int now) {
      if (cpu >= last.length) {
        last = Arrays.copyOf(last, cpu + 1);
      }
      sum += Integer.toUnsignedLong(now - last[cpu]);
      last[cpu] = now;
    }
  }
}
