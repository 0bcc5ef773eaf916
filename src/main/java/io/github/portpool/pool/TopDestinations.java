package io.github.portpool.pool;

import io.github.portpool.snapshot.Protocol;
import io.github.portpool.table.Destination;
import io.github.portpool.table.DestinationTable;
import java.util.List;

/**
 * Chooses the worst groups by the rule of {@link TopRows}.
 *
 * <p>One instance for each pool, used by one thread.
 */
public final class TopDestinations {
  private final TopRows<Destination> worst;

  /** Chooses at most {@code limit} groups; 0 names none. */
  public TopDestinations(int limit) {
    worst = new TopRows<>(limit);
  }

  /** The rows of the chosen groups, the worst first. */
  List<Integer> choose(DestinationTable groups, Protocol protocol) {
    return worst.choose(new Groups(groups, protocol));
  }

  /** The groups that were chosen last, the worst first. */
  public List<Destination> chosen() {
    return worst.chosen();
  }

  private record Groups(DestinationTable table, Protocol protocol)
      implements TopRows.Rows<Destination> {
    @Override
    public int rows() {
      return table.rows();
    }

    @Override
    public boolean isUsed(int row) {
      return table.isUsed(row, protocol);
    }

    @Override
    public int ports(int row) {
      return table.mostPorts(row);
    }

    @Override
    public Destination key(int row) {
      return table.destination(row);
    }

    @Override
    public int row(Destination key) {
      return table.row(key);
    }
  }
}
