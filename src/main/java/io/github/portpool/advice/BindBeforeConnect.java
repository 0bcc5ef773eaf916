package io.github.portpool.advice;

import io.github.portpool.snapshot.Feature;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;

/**
 * Programs that bind() a port before they connect(): each such connection takes its port from every
 * destination, not from its own alone.
 */
final class BindBeforeConnect implements Rule {
  /** Fewer may be left over from a time when a destination was past one half. */
  static final int FEWEST = 8;

  private static final int MOST_LINES = 10;

  @Override
  public List<Finding> judge(HostFacts facts) {
    List<String> evidence = new ArrayList<>();
    int sockets = 0;
    for (SocketHolder holder :
        facts.holders().stream()
            .sorted(Comparator.comparingInt(BindBeforeConnect::suspects).reversed())
            .toList()) {
      int suspects = suspects(holder);
      sockets += suspects;
      if (suspects > 0 && evidence.size() < MOST_LINES) {
        evidence.add(line(facts, holder));
      }
    }
    if (sockets == 0) {
      return List.of();
    }
    return List.of(
        new Finding(
            "bind_before_connect",
            Severity.WARNING,
            "%d connections took their port with bind(), and close it to every connect()"
                .formatted(sockets),
            evidence,
            "A program that wants to choose its source address alone sets IP_BIND_ADDRESS_NO_PORT"
                + " (ip(7)) before bind() to port 0; one that names a port of the ephemeral range should"
                + " name another."
                + (facts.unavailable().containsKey(Feature.EXACT_BLOCKED)
                    ? " What bind() chose is judged by its parity, which IP_LOCAL_PORT_RANGE changes"
                        + " too; with CAP_BPF and CAP_PERFMON it is known."
                    : ""),
            List.of()));
  }

  private static int suspects(SocketHolder holder) {
    return named(holder) + chosen(holder);
  }

  private static int named(SocketHolder holder) {
    return holder.named().count() >= FEWEST ? holder.named().count() : 0;
  }

  /** Where connect() chose most of the others, a destination was past one half before. */
  private static int chosen(SocketHolder holder) {
    int count = holder.bindFirst().count();
    return count >= FEWEST && count > holder.connectFirst() ? count : 0;
  }

  private static String line(HostFacts facts, SocketHolder holder) {
    List<Long> inodes =
        new ArrayList<>(named(holder) > 0 ? holder.named().inodes() : List.<Long>of());
    if (chosen(holder) > 0) {
      inodes.addAll(holder.bindFirst().inodes());
    }
    return "%d of %d connections (%d named the port, %d let bind() choose it): %s"
        .formatted(
            suspects(holder),
            holder.connections(),
            named(holder),
            chosen(holder),
            facts.owners().describe(holder.controlGroup(), holder.uid(), inodes));
  }
}
