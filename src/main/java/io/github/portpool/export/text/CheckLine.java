package io.github.portpool.export.text;

import io.github.portpool.advice.CheckState;
import io.github.portpool.advice.Thresholds;
import io.github.portpool.host.Printable;
import io.github.portpool.snapshot.Headroom;
import io.github.portpool.snapshot.PoolUsage;
import io.github.portpool.table.Destination;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;

/**
 * The one line of a monitoring plugin: a state, a sentence, and performance data.
 *
 * @param state what the exit code says too
 * @param text the line, without a line feed
 */
public record CheckLine(CheckState state, String text) {
  /** One way of running out of ports: the label of its performance data, and its sentence. */
  private record Measure(String label, Headroom headroom, String sentence) {
    int capacity() {
      return headroom.used() + headroom.free();
    }
  }

  /** The pools of a host: TCP's worst destination, UDP, and bind() to port 0. */
  public static CheckLine ofPools(PoolUsage tcp, PoolUsage udp, Thresholds thresholds) {
    int capacity = tcp.worst().used() + tcp.worst().free();
    Headroom bind = new Headroom(capacity - tcp.bindFree(), tcp.bindFree());
    return of(
        List.of(
            new Measure(
                "tcp_worst_used",
                tcp.worst(),
                free(tcp.worst(), tcp.exact()) + " toward " + worstDestination(tcp)),
            new Measure(
                "udp_used", udp.worst(), free(udp.worst(), udp.exact()) + " for UDP" + family(udp)),
            new Measure("bind_used", bind, free(bind, true) + " for TCP bind() to port 0")),
        thresholds);
  }

  /** Sockets that serve IPv6 alone leave more to IPv4. */
  private static String family(PoolUsage udp) {
    return udp.blocked().total() < udp.worst().used() ? " over IPv6" : "";
  }

  private static String worstDestination(PoolUsage tcp) {
    return tcp.top().isEmpty()
        ? "any TCP destination"
        : "the worst TCP destination " + tcp.top().getFirst().destination();
  }

  /**
   * One destination.
   *
   * @param exact whether the headroom is not just an upper bound
   */
  public static CheckLine ofDestination(
      Destination group, Headroom headroom, boolean exact, Thresholds thresholds) {
    String sentence =
        "%s toward %s from %s"
            .formatted(free(headroom, exact), group.destination(), group.source());
    return of(List.of(new Measure("used", headroom, sentence)), thresholds);
  }

  /** What could not be checked, and why. */
  public static CheckLine unknown(String sentence) {
    return new CheckLine(CheckState.UNKNOWN, line(CheckState.UNKNOWN, sentence));
  }

  /** The first measure of the worst state speaks. */
  private static CheckLine of(List<Measure> measures, Thresholds thresholds) {
    Measure worst =
        measures.stream()
            .max(Comparator.comparing((Measure each) -> thresholds.state(each.headroom())))
            .orElseThrow();
    CheckState state = thresholds.state(worst.headroom());
    String sentence =
        "%s (%s %% used)".formatted(worst.sentence(), HeadroomTable.percent(worst.headroom()));
    List<String> data = new ArrayList<>();
    for (Measure each : measures) {
      data.add(
          "%s=%d;%d;%d;0;%d"
              .formatted(
                  each.label(),
                  each.headroom().used(),
                  Math.max(0, thresholds.mostWithoutWarning(each.capacity())),
                  Math.max(0, thresholds.mostUncritical(each.capacity())),
                  each.capacity()));
    }
    return new CheckLine(state, line(state, sentence) + " | " + String.join(" ", data));
  }

  private static String line(CheckState state, String sentence) {
    // A bar would begin performance data.
    return "PORTPOOL " + state + " - " + Printable.oneLine(sentence).replace('|', '/');
  }

  private static String free(Headroom headroom, boolean exact) {
    return "%s%d of %d ports free"
        .formatted(
            exact || headroom.free() == 0 ? "" : "at most ",
            headroom.free(),
            headroom.used() + headroom.free());
  }
}
