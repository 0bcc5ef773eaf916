package io.github.portpool.advice;

import java.util.Comparator;
import java.util.List;
import java.util.Optional;

/**
 * Programs that do not close connections which their peer has closed: CLOSE_WAIT lasts for ever.
 */
final class CloseWaitLeaks implements Rule {
  /** A program that closes promptly has a handful at a time. */
  private static final int MANY = 100;

  /** In a small pool a twentieth of it is many. */
  private static final int POOL_OF_MANY = 20;

  /** A busy program that has ten times as many good connections may just be slow. */
  private static final int SHARE = 10;

  private static final int MOST_FINDINGS = 5;

  @Override
  public List<Finding> judge(HostFacts facts) {
    int many = Math.max(2, Math.min(MANY, facts.range().capacity() / POOL_OF_MANY));
    return facts.holders().stream()
        .filter(holder ->
            holder.closeWait().count() >= many
                && holder.closeWait().count() * SHARE >= holder.connections())
        .sorted(Comparator.comparingInt((SocketHolder each) -> -each.closeWait().count()))
        .limit(MOST_FINDINGS)
        .map(holder -> finding(facts, holder))
        .toList();
  }

  private static Finding finding(HostFacts facts, SocketHolder holder) {
    Optional<Fix> restart = facts.owners().restart(holder.controlGroup());
    return new Finding(
        "close_wait",
        Severity.WARNING,
        "%d connections are in CLOSE_WAIT: their program does not close them"
            .formatted(holder.closeWait().count()),
        List.of(
            "%d of %d connections of %s"
                .formatted(
                    holder.closeWait().count(),
                    holder.connections(),
                    facts
                        .owners()
                        .describe(
                            holder.controlGroup(), holder.uid(), holder.closeWait().inodes()))),
        "The peer has closed them; the program holds them, and their ports, until it ends. That is"
            + " a defect of the program, and no setting fixes it. A restart gives the ports back.",
        restart.stream().toList());
  }
}
