package io.github.portpool.export.text;

import io.github.portpool.host.ConnectFailures;
import io.github.portpool.host.ControlGroup;
import io.github.portpool.host.OwningProcess;
import io.github.portpool.host.Printable;
import io.github.portpool.pool.DestinationUsage;
import io.github.portpool.pool.Headroom;
import io.github.portpool.pool.ListenerCounts;
import io.github.portpool.pool.PoolListener;
import io.github.portpool.pool.PoolUsage;
import io.github.portpool.sample.NamespaceReport;
import io.github.portpool.sample.OwnerNames;
import io.github.portpool.sample.SampleReport;
import io.github.portpool.sample.Snapshot;
import io.github.portpool.table.EphemeralRange;
import io.github.portpool.table.Feature;
import io.github.portpool.table.IanaRange;
import io.github.portpool.table.Protocol;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.function.ToIntFunction;
import java.util.stream.Collectors;

/**
 * One sample of a host as a page for a terminal: with five destinations and a few listeners in the
 * live range it has 24 lines.
 */
public final class StatusText {
  /** So many listeners inside the live range are named on the page; the others are counted. */
  private static final int MOST_LISTENERS = 2;

  private static final int BAR = 16;

  /** What stands to the right of a name: the bar, the share, used and free ports. */
  private static final int NUMBERS = BAR + 2 + 8 + 7 + 8;

  private static final int NARROWEST_NAME = 16;

  private final SampleReport report;
  private final Instant countedSince;
  private final Style style;
  private final int width;
  private final StringBuilder page = new StringBuilder();

  private StatusText(SampleReport report, Instant countedSince, Style style, int width) {
    this.report = report;
    this.countedSince = countedSince;
    this.style = style;
    this.width = width;
  }

  /**
   * The page of a report that has a good sample.
   *
   * @param countedSince since when refused connect() calls are counted, where they are
   * @param width columns of the terminal; names are cut so that no line is longer
   */
  public static String of(SampleReport report, Instant countedSince, Style style, int width) {
    return new StatusText(report, countedSince, style, width).page();
  }

  private String page() {
    Snapshot snapshot = report.lastGood();
    if (snapshot == null) {
      throw new IllegalArgumentException("no good sample: " + report.message());
    }
    header(snapshot);
    ports(snapshot);
    destinations(snapshot.pool(Protocol.TCP));
    listeners(snapshot);
    namespaces();
    failures();
    notSeen();
    return page.toString();
  }

  private void header(Snapshot snapshot) {
    EphemeralRange range = snapshot.range();
    line(
        style.title("portpool status")
            + " at "
            + snapshot.time().truncatedTo(ChronoUnit.SECONDS)
            + ", source "
            + report.source());
    if (!report.success()) {
      page.append(style.bad(cut("no newer sample: " + report.message(), width))).append('\n');
    }
    line(
        "Live range %d-%d: %d ports, %d of them reserved, a pool of %d"
            .formatted(
                range.first(),
                range.last(),
                range.last() - range.first() + 1,
                range.reserved(),
                range.capacity()));
  }

  private void ports(Snapshot snapshot) {
    line(style.title("%-32s%8s%8s".formatted("Ports of the pool", "TCP", "UDP")));
    numbers(snapshot, "in use", PoolUsage::used);
    numbers(snapshot, "closed to every connect()", pool -> pool.blocked().total());
    Headroom tcp = snapshot.pool(Protocol.TCP).worst();
    Headroom udp = snapshot.pool(Protocol.UDP).worst();
    line(
        "  %-30s%s%s%s"
            .formatted(
                "free toward the worst",
                graded(tcp, "%8d".formatted(tcp.free())),
                graded(udp, "%8d".formatted(udp.free())),
                snapshot.pool(Protocol.TCP).exact() || tcp.exhausted() ? "" : "   TCP: at most"));
    numbers(snapshot, "free for bind() to port 0", PoolUsage::bindFree);
    line("");
  }

  private void numbers(Snapshot snapshot, String what, ToIntFunction<PoolUsage> count) {
    line(
        "  %-30s%8d%8d"
            .formatted(
                what,
                count.applyAsInt(snapshot.pool(Protocol.TCP)),
                count.applyAsInt(snapshot.pool(Protocol.UDP))));
  }

  private void destinations(PoolUsage tcp) {
    if (tcp.top().isEmpty()) {
      return;
    }
    int name = nameWidth();
    line(
        style.title(
            "%s%8s%7s%8s"
                .formatted(
                    pad(
                        "Fullest TCP destinations, %d of %d"
                            .formatted(tcp.top().size(), tcp.destinations()),
                        name + BAR + 4),
                    "",
                    "used",
                    "free")));
    for (DestinationUsage usage : tcp.top()) {
      numbers(
          usage.destination().destination() + " from " + usage.destination().source(),
          name,
          usage.headroom());
    }
    line("");
  }

  private void numbers(String text, int name, Headroom headroom) {
    line(
        "  %s%s%7s%%%7d%8d"
            .formatted(
                pad(cut(text, name - 1), name),
                graded(headroom, Bar.of(Percent.share(headroom), BAR)),
                Percent.of(headroom),
                headroom.used(),
                headroom.free()));
  }

  private int nameWidth() {
    return Math.max(NARROWEST_NAME, width - 2 - NUMBERS);
  }

  private void listeners(Snapshot snapshot) {
    line(
        style.title(
            "%-11s".formatted("Listeners")
                + Arrays.stream(IanaRange.values())
                    .map(range -> "%13s".formatted(range.first() + "-" + range.last()))
                    .collect(Collectors.joining())
                + "%20s".formatted("in the live range")));
    for (Protocol protocol : Protocol.values()) {
      ListenerCounts counts = snapshot.pool(protocol).listeners();
      int inRange = counts.reservedInRange() + counts.unreservedInRange();
      line(
          "  %-9s".formatted(protocol)
              + Arrays.stream(IanaRange.values())
                  .map(range -> "%13d".formatted(counts.sockets().getOrDefault(range, 0)))
                  .collect(Collectors.joining())
              + "%20d".formatted(inRange));
    }
    for (PoolListener listener : snapshot.poolListeners().stream().limit(MOST_LISTENERS).toList()) {
      String reserved = listener.reserved() ? "reserved" : "not reserved";
      String what = "  %-4s%-6d".formatted(listener.protocol().label(), listener.port());
      String owner = owner(listener);
      page.append(what)
          .append(listener.reserved() ? style.good(reserved) : style.warning(reserved))
          .append(
              owner.isEmpty() ? "" : cut(": " + owner, width - what.length() - reserved.length()))
          .append('\n');
    }
    int more =
        snapshot.untrackedListeners()
            + Math.max(0, snapshot.poolListeners().size() - MOST_LISTENERS);
    if (more > 0) {
      line("  and " + more + " more in the live range");
    }
  }

  private String owner(PoolListener listener) {
    OwnerNames owners = report.owners();
    OwningProcess process = owners.process(listener.inode());
    ControlGroup group = owners.controlGroup(listener.controlGroup());
    List<String> names = new ArrayList<>();
    if (process != null) {
      names.add(process.name());
      names.add("pid " + process.pid());
      names.add("user " + process.user());
    }
    if (group != null) {
      names.add(group.path());
    }
    return String.join(", ", names);
  }

  private void namespaces() {
    if (report.others().isEmpty()) {
      return;
    }
    line("");
    int name = nameWidth();
    line(
        style.title(
            "%s%8s%7s%8s"
                .formatted(
                    pad("Other network namespaces, by TCP's worst", name + BAR + 4),
                    "",
                    "used",
                    "free")));
    for (NamespaceReport other : report.others()) {
      Snapshot snapshot = other.lastGood();
      if (snapshot == null) {
        line(cut("  %s: %s".formatted(other.netns(), whyNone(other)), width));
      } else {
        numbers(other.netns(), name, snapshot.pool(Protocol.TCP).worst());
      }
    }
  }

  private static String whyNone(NamespaceReport other) {
    if (!other.message().isEmpty()) {
      return other.message();
    }
    return other.sockets() == NamespaceReport.UNKNOWN
        ? "not sampled"
        : "not sampled, %d sockets of every kind".formatted(other.sockets());
  }

  private void failures() {
    ConnectFailures failures = report.failures();
    if (failures == null) {
      sentence(
          "Refused connect() calls: not counted, "
              + report.unavailable().getOrDefault(Feature.CONNECT_FAILURES, ""));
      return;
    }
    long refused = failures.ipv4() + failures.ipv6();
    String text =
        "Refused connect() calls: %d since %s"
            .formatted(refused, countedSince.truncatedTo(ChronoUnit.SECONDS));
    line(refused == 0 ? text : style.bad(text));
  }

  private void notSeen() {
    String features =
        report.unavailable().keySet().stream()
            .filter(feature -> feature != Feature.CONNECT_FAILURES)
            .map(Feature::label)
            .collect(Collectors.joining(", "));
    if (!features.isEmpty()) {
      sentence("Not seen (--json says why): " + features);
    }
  }

  /** In the colour of how close it is: connect() fails, is slow, or neither. */
  private String graded(Headroom headroom, String text) {
    return headroom.exhausted()
        ? style.bad(text)
        : headroom.slow() ? style.warning(text) : style.good(text);
  }

  private void sentence(String text) {
    page.append(Wrap.of(Printable.oneLine(text), "", "  ", width));
  }

  private void line(String text) {
    page.append(text).append('\n');
  }

  private static String cut(String text, int most) {
    return Printable.of(text, most);
  }

  private static String pad(String text, int length) {
    return text + " ".repeat(Math.max(0, length - text.length()));
  }
}
