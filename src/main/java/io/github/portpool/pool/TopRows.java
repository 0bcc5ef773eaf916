package io.github.portpool.pool;

import java.util.ArrayList;
import java.util.BitSet;
import java.util.Comparator;
import java.util.List;
import java.util.PriorityQueue;

/**
 * Chooses the worst rows of a table, at most a given number, with hysteresis: a row that was named
 * after the last pass keeps its place until another has a tenth more ports, so that two of about
 * the same size do not take turns. The worst is always named.
 *
 * <p>One instance for each table and protocol, used by one thread.
 *
 * @param <K> what a row is about, the same from pass to pass
 */
final class TopRows<K> {
  /** The rows to choose from. */
  interface Rows<K> {
    /** The number of rows. */
    int rows();

    /** Whether a row can be chosen. */
    boolean isUsed(int row);

    /** The ports of a row. */
    int ports(int row);

    /** What a row is about. */
    K key(int row);

    /** The row of a key, or -1 when it has none. */
    int row(K key);
  }

  private record Candidate(int row, int ports, long score) {}

  private final int limit;
  private List<K> incumbents = List.of();

  /** Chooses at most {@code limit} rows; 0 names none. */
  TopRows(int limit) {
    this.limit = limit;
  }

  /** The chosen rows, the worst first. */
  List<Integer> choose(Rows<K> rows) {
    if (limit == 0) {
      return List.of();
    }
    BitSet named = new BitSet();
    for (K incumbent : incumbents) {
      int row = rows.row(incumbent);
      if (row >= 0) {
        named.set(row);
      }
    }
    PriorityQueue<Candidate> chosen =
        new PriorityQueue<>(Comparator.comparingLong(Candidate::score));
    Candidate worst = null;
    for (int row = 0; row < rows.rows(); row++) {
      if (!rows.isUsed(row)) {
        continue;
      }
      int ports = rows.ports(row);
      Candidate candidate =
          new Candidate(row, ports, ports + (named.get(row) ? 1L + ports / 10 : 0L));
      if (worst == null || ports > worst.ports()) {
        worst = candidate;
      }
      offer(chosen, candidate);
    }
    if (worst != null && !chosen.contains(worst)) {
      chosen.remove();
      chosen.add(worst);
    }
    List<Candidate> ordered = new ArrayList<>(chosen);
    ordered.sort(Comparator.comparingInt(Candidate::ports).reversed());
    incumbents = ordered.stream().map(candidate -> rows.key(candidate.row())).toList();
    return ordered.stream().map(Candidate::row).toList();
  }

  /** What the rows that were chosen last are about, the worst first. */
  List<K> chosen() {
    return incumbents;
  }

  private void offer(PriorityQueue<Candidate> chosen, Candidate candidate) {
    if (chosen.size() == limit) {
      if (candidate.score() <= chosen.element().score()) {
        return;
      }
      chosen.remove();
    }
    chosen.add(candidate);
  }
}
