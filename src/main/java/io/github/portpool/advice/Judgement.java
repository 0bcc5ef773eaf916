package io.github.portpool.advice;

import io.github.portpool.host.RecentFailures;
import io.github.portpool.snapshot.Headroom;
import io.github.portpool.snapshot.PoolUsage;
import io.github.portpool.snapshot.Protocol;
import io.github.portpool.snapshot.Snapshot;
import java.util.Comparator;
import java.util.List;

/**
 * The one judgement of how close a network namespace is to running out of ports, and why. Check,
 * doctor, status and the pages all say this one, and so never disagree.
 *
 * @param measures the ways of running out, one or more
 * @param failures what has failed lately, whatever the measures say
 */
public record Judgement(List<Measure> measures, RecentFailures failures, Thresholds thresholds) {
  /** TCP's pool toward its worst destination, for {@code connect()}. */
  public static final String TCP = "tcp_worst_used";

  /** UDP's pool. */
  public static final String UDP = "udp_used";

  /** TCP's pool for {@code bind()} to port 0. */
  public static final String BIND = "bind_used";

  /** The judgement of both pools. */
  public static Judgement of(
      PoolUsage tcp, PoolUsage udp, RecentFailures failures, Thresholds thresholds) {
    int capacity = tcp.worst().capacity();
    Headroom bind = new Headroom(capacity - tcp.bindFree(), tcp.bindFree());
    boolean any = tcp.top().isEmpty();
    return new Judgement(
        List.of(
            new Measure(
                TCP,
                tcp.worst(),
                tcp.exact(),
                any ? "toward any TCP destination" : "toward the worst TCP destination",
                any ? "" : tcp.top().getFirst().destination()),
            new Measure(UDP, udp.worst(), udp.exact(), udpFamily(udp), ""),
            new Measure(BIND, bind, tcp.bindExact(), "for TCP bind() to port 0", "")),
        failures,
        thresholds);
  }

  /** Sockets that serve IPv6 alone leave more to IPv4. */
  private static String udpFamily(PoolUsage udp) {
    return udp.blocked().total() < udp.worst().used() ? "for UDP over IPv6" : "for UDP";
  }

  /** The judgement of a sample, by the usual thresholds. */
  public static Judgement of(Snapshot snapshot, RecentFailures failures) {
    return of(snapshot.pool(Protocol.TCP), snapshot.pool(Protocol.UDP), failures, Thresholds.USUAL);
  }

  /** What it comes to. */
  public CheckState state() {
    return failing() ? CheckState.CRITICAL : state(worst());
  }

  /** What one of the measures comes to. */
  public CheckState state(Measure measure) {
    return thresholds.state(measure.headroom());
  }

  /** The first measure of the worst state. */
  public Measure worst() {
    return measures.stream().max(Comparator.comparing(this::state)).orElseThrow();
  }

  /** The measure of a name. */
  Measure measure(String name) {
    return measures.stream().filter(each -> each.name().equals(name)).findFirst().orElseThrow();
  }

  /** Whether the reason is that calls fail, and not that a pool is full. */
  public boolean failing() {
    return failures.alarming() && state(worst()) != CheckState.CRITICAL;
  }
}
