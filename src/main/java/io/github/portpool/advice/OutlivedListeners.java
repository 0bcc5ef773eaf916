package io.github.portpool.advice;

import io.github.portpool.host.Count;
import io.github.portpool.snapshot.BlockReason;
import java.util.Comparator;
import java.util.List;

/**
 * Connections that outlived their listener, and keep its port closed to every {@code connect()}
 * until they end.
 */
final class OutlivedListeners implements Rule {
  /** Fewer are no loss. */
  private static final int FEWEST = 8;

  private static final int MOST_LINES = 10;

  @Override
  public List<Finding> judge(HostFacts facts) {
    int ports = facts.tcp().blocked().of(BlockReason.OUTLIVED);
    if (ports < FEWEST) {
      return List.of();
    }
    List<String> evidence =
        facts.holders().stream()
            .filter(holder -> holder.outlived().count() > 0)
            .sorted(Comparator.<SocketHolder>comparingInt(it -> it.outlived().count()).reversed())
            .limit(MOST_LINES)
            .map(holder ->
                "%s: %s"
                    .formatted(
                        Count.of(holder.outlived().count(), "connection"),
                        facts
                            .owners()
                            .describe(
                                holder.controlGroup(), holder.uid(), holder.outlived().inodes())))
            .toList();
    return List.of(
        new Finding(
            "outlived_listener",
            Severity.NOTE,
            Count.of(ports, "port")
                + " closed to every connect() by connections that outlived who bound it",
            evidence,
            "The kernel opens such a port again when its last connection has ended. A program that"
                + " listens for a while only ends its connections first, or listens outside the"
                + " ephemeral range.",
            List.of()));
  }
}
