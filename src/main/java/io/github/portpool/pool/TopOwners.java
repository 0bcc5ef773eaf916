package io.github.portpool.pool;

import io.github.portpool.snapshot.OwnerUsage;
import io.github.portpool.snapshot.Protocol;
import io.github.portpool.table.OwnerTable;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;

/**
 * Chooses the control groups with the most pool ports by the rule of {@link TopRows}, and besides
 * them id 0 where it has any: the sockets of which the kernel does not know the group.
 *
 * <p>One instance for each pool, used by one thread.
 */
public final class TopOwners {
  private static final long UNKNOWN = 0;

  private final int limit;
  private final TopRows<Long> worst;

  /** Chooses at most {@code limit} control groups besides id 0; a limit of 0 names none at all. */
  public TopOwners(int limit) {
    this.limit = limit;
    worst = new TopRows<>(limit);
  }

  /** The chosen control groups, the worst first. */
  public List<OwnerUsage> choose(OwnerTable owners, Protocol protocol) {
    List<Integer> rows = new ArrayList<>(worst.choose(new Groups(owners, protocol)));
    int unknown = owners.row(protocol, UNKNOWN);
    if (limit > 0 && owners.isUsed(unknown, protocol)) {
      rows.add(unknown);
    }
    return rows.stream()
        .map(row -> new OwnerUsage(protocol, owners.controlGroup(row), owners.ports(row)))
        .sorted(Comparator.comparingInt(OwnerUsage::ports).reversed())
        .toList();
  }

  private record Groups(OwnerTable table, Protocol protocol) implements TopRows.Rows<Long> {
    @Override
    public int rows() {
      return table.rows();
    }

    @Override
    public boolean isUsed(int row) {
      return table.isUsed(row, protocol) && table.controlGroup(row) != UNKNOWN;
    }

    @Override
    public int ports(int row) {
      return table.ports(row);
    }

    @Override
    public Long key(int row) {
      return table.controlGroup(row);
    }

    @Override
    public int row(Long key) {
      return table.row(protocol, key);
    }
  }
}
