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
    int fullest = fullest(groups, protocol);
    PriorityQueue<Candidate> chosen =
        new PriorityQueue<>(Comparator.comparingLong(Candidate::score));
    for (int row = 0; row < groups.rows(); row++) {
      if (groups.protocol(row) != protocol || groups.sockets(row) == 0) {
        continue;
      }
      int ports = groups.ports(row);
      long score = row == fullest ? Long.MAX_VALUE : ports + (named.get(row) ? 1 + ports / 10 : 0);
      if (chosen.size() < limit) {
        chosen.add(new Candidate(row, ports, score));
      } else if (score > chosen.element().score()) {
        chosen.remove();
        chosen.add(new Candidate(row, ports, score));
      }
    }
    List<Candidate> ordered = new ArrayList<>(chosen);
    ordered.sort(Comparator.comparingInt(Candidate::ports).reversed());
    incumbents = ordered.stream().map(candidate -> groups.destination(candidate.row())).toList();
    return ordered.stream().map(Candidate::row).toList();
  }

  private static int fullest(DestinationTable groups, Protocol protocol) {
    int fullest = -1;
    for (int row = 0; row < groups.rows(); row++) {
      if (groups.protocol(row) == protocol
          && groups.sockets(row) > 0
          && (fullest < 0 || groups.ports(row) > groups.ports(fullest))) {
        fullest = row;
      }
    }
    return fullest;
  }
}
