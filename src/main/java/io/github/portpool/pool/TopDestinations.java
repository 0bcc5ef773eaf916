package io.github.portpool.pool;

import io.github.portpool.table.Destination;
import io.github.portpool.table.DestinationTable;
import io.github.portpool.table.Protocol;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.Comparator;
import java.util.List;
import java.util.PriorityQueue;

/**
 * Chooses the fullest groups, at most a given number, with hysteresis: a group that was named after
 * the last pass keeps its place until another has a tenth more ports, so that two of about the same
 * size do not take turns. The fullest is always named.
 *
 * <p>One instance for each pool, used by one thread.
 */
public final class TopDestinations {
  private record Candidate(int row, int ports, long score) {}

  private final int limit;
  private List<Destination> incumbents = List.of();

  /** Chooses at most {@code limit} groups; 0 names none. */
  public TopDestinations(int limit) {
    this.limit = limit;
  }

  /** The rows of the chosen groups, the fullest first. */
  List<Integer> choose(DestinationTable groups, Protocol protocol) {
    if (limit == 0) {
      return List.of();
    }
    BitSet named = new BitSet();
    for (Destination incumbent : incumbents) {
      int row = groups.row(incumbent);
      if (row >= 0) {
        named.set(row);
      }
    }
    PriorityQueue<Candidate> chosen =
        new PriorityQueue<>(Comparator.comparingLong(Candidate::score));
    Candidate fullest = null;
    for (int row = 0; row < groups.rows(); row++) {
      if (!groups.isUsed(row, protocol)) {
        continue;
      }
      int ports = groups.mostPorts(row);
      Candidate candidate =
          new Candidate(row, ports, ports + (named.get(row) ? 1L + ports / 10 : 0L));
      if (fullest == null || ports > fullest.ports()) {
        fullest = candidate;
      }
      offer(chosen, candidate);
    }
    if (fullest != null && !chosen.contains(fullest)) {
      chosen.remove();
      chosen.add(fullest);
    }
    List<Candidate> ordered = new ArrayList<>(chosen);
    ordered.sort(Comparator.comparingInt(Candidate::ports).reversed());
    incumbents = ordered.stream().map(candidate -> groups.destination(candidate.row())).toList();
    return ordered.stream().map(Candidate::row).toList();
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
