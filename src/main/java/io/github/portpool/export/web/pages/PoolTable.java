package io.github.portpool.export.web.pages;

import io.github.portpool.snapshot.EphemeralRange;
import io.github.portpool.snapshot.PoolUsage;
import io.github.portpool.snapshot.Protocol;
import io.github.portpool.snapshot.Snapshot;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;

/** The pool of each protocol in figures: numbers of ports, and nobody's name or address. */
final class PoolTable {
  private static final DateTimeFormatter CLOCK =
      DateTimeFormatter.ofPattern("HH:mm:ss").withZone(ZoneOffset.UTC);

  private PoolTable() {}

  /** The range, when it was looked at, and a row for each figure. */
  static Html of(Snapshot snapshot) {
    EphemeralRange range = snapshot.range();
    PoolUsage tcp = snapshot.pool(Protocol.TCP);
    PoolUsage udp = snapshot.pool(Protocol.UDP);
    return new Html(
            """
            <p>Ports %s to %s, %,d of them reserved: %,d can be allocated. Sampled at %s.</p>
            <div class="scroll" tabindex="0" role="group" aria-label="Figures of the pool">
            <table class="figures">
            <thead><tr><td></td><th scope="col" class="n">TCP</th><th scope="col" class="n">UDP</th></tr></thead>
            <tbody>
            """,
            String.valueOf(range.first()),
            String.valueOf(range.last()),
            range.reserved(),
            range.capacity(),
            time(snapshot.time()))
        .add(
            "%s%s%s%s%s%s%s</tbody></table></div>\n",
            row(
                "Free toward the worst destination" + bound(tcp.exact()),
                tcp.worst().free(),
                udp.worst().free()),
            row("Ports with a socket", tcp.used(), udp.used()),
            row(
                "Free for bind() to port 0" + bound(tcp.bindExact()),
                tcp.bindFree(),
                udp.bindFree()),
            row("Closed to every connect()", tcp.blocked().total(), udp.blocked().total()),
            row("Destinations", tcp.destinations(), udp.destinations()),
            row("Destinations past one half", tcp.slowDestinations(), udp.slowDestinations()),
            row(
                "Listeners that a client can collide with",
                tcp.listeners().unreservedInRange(),
                udp.listeners().unreservedInRange()));
  }

  /** What is said of a figure that may not be exact. */
  static String bound(boolean exact) {
    return exact ? "" : " (upper bound)";
  }

  private static Html row(String name, int tcp, int udp) {
    return new Html(
        "<tr><th scope=\"row\">%s</th><td class=\"n\">%,d</td><td class=\"n\">%,d</td></tr>\n",
        name, tcp, udp);
  }

  /** A moment, to the second. */
  static Html time(Instant time) {
    return new Html("<time datetime=\"%s\">%s UTC</time>", time, CLOCK.format(time));
  }
}
