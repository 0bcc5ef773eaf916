package io.github.portpool.export.text;

import io.github.portpool.advice.CheckState;
import io.github.portpool.advice.Verdict;
import io.github.portpool.host.ConnectFailures;
import io.github.portpool.host.Printable;
import io.github.portpool.sample.NamespaceReport;
import io.github.portpool.sample.SampleReport;
import io.github.portpool.sample.TightDestination;
import io.github.portpool.snapshot.DestinationUsage;
import io.github.portpool.snapshot.EphemeralRange;
import io.github.portpool.snapshot.Feature;
import io.github.portpool.snapshot.Flow;
import io.github.portpool.snapshot.Headroom;
import io.github.portpool.snapshot.PoolUsage;
import io.github.portpool.snapshot.Protocol;
import io.github.portpool.snapshot.Snapshot;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.function.ToIntFunction;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/**
 * One sample of a host as a page that fits a terminal: with five destinations it has 24 lines, and
 * more where something is wrong, to say where, who it is and what to do.
 */
public final class StatusText {
  private static final Pattern EMPTY_LINE = Pattern.compile("(?m)^\n");
  private static final int NARROW = 64;

  private final SampleReport report;
  private final Instant countedSince;
  private final Look look;
  private final Style style;
  private final int width;
  private final int mostDestinations;
  private final HeadroomTable table;
  private final StringBuilder page = new StringBuilder();

  private StatusText(SampleReport report, Instant countedSince, Look look, int mostDestinations) {
    this.report = report;
    this.countedSince = countedSince;
    this.look = look;
    this.style = look.style();
    this.width = look.width();
    this.mostDestinations = mostDestinations;
    this.table = new HeadroomTable(style, width);
  }

  /**
   * The page of a report that has a good sample.
   *
   * @param countedSince since when connect() calls that failed for lack of a port are counted,
   *     where they are
   */
  public static String of(SampleReport report, Instant countedSince, Look look) {
    Snapshot snapshot = report.lastGood();
    int named = snapshot == null ? 0 : snapshot.pool(Protocol.TCP).top().size();
    int most = Math.min(named, look.rows()); // each takes a line at least
    String page = new StatusText(report, countedSince, look, most).page();
    if (isTooLong(page, look)) {
      page = EMPTY_LINE.matcher(page).replaceAll("");
    }
    while (isTooLong(page, look) && most > 1) {
      page = new StatusText(report, countedSince, look, --most).page();
      page = EMPTY_LINE.matcher(page).replaceAll("");
    }
    return page.lines().limit(look.rows()).collect(Collectors.joining("\n", "", "\n"));
  }

  private static boolean isTooLong(String page, Look look) {
    return page.lines().count() > look.rows();
  }

  private String page() {
    Snapshot snapshot = report.lastGood();
    if (snapshot == null) {
      throw new IllegalArgumentException("no good sample: " + report.message());
    }
    header(snapshot);
    ports(snapshot);
    destinations(snapshot.pool(Protocol.TCP));
    page.append(ListenersText.of(snapshot, report.owners(), style, width));
    namespaces();
    failures();
    notSeen();
    return page.toString();
  }

  private void header(Snapshot snapshot) {
    EphemeralRange range = snapshot.range();
    Verdict verdict = report.verdict().orElseThrow();
    String title = "portpool status";
    String state = verdict.state().name();
    String host = look.host().isEmpty() ? "" : " on " + Printable.oneLine(look.host());
    String words =
        "%s %s at %s%s, source %s"
            .formatted(
                title,
                state,
                snapshot.time().truncatedTo(ChronoUnit.SECONDS),
                host,
                report.source());
    page.append(style.title(title)).append(' ').append(graded(verdict.state(), state));
    page.append(Wrap.of(words, "", "  ", width).substring(title.length() + 1 + state.length()));
    if (verdict.state() != CheckState.OK) {
      String since = VerdictText.since(verdict);
      sentence(VerdictText.reason(verdict) + (since.isEmpty() ? "" : "; " + since));
      VerdictText.lines(verdict).forEach(this::indented);
    }
    if (!report.success()) {
      line(style.bad(Printable.of("no newer sample: " + report.message(), width)));
    }
    sentence(
        "Ephemeral range %d-%d: %d ports, %d of them reserved, a pool of %d"
            .formatted(
                range.first(),
                range.last(),
                range.last() - range.first() + 1,
                range.reserved(),
                range.capacity()));
  }

  private String graded(CheckState state, String text) {
    return switch (state) {
      case OK -> style.good(text);
      case WARNING -> style.warning(text);
      case CRITICAL, UNKNOWN -> style.bad(text);
    };
  }

  private void ports(Snapshot snapshot) {
    PoolUsage tcp = snapshot.pool(Protocol.TCP);
    PoolUsage udp = snapshot.pool(Protocol.UDP);
    line(style.title(name("Ports of the pool") + "%8s%8s".formatted("TCP", "UDP")));
    counts("in use", tcp, udp, PoolUsage::used);
    counts("closed to every connect()", tcp, udp, pool -> pool.blocked().total());
    line(
        "%s%s%s%s"
            .formatted(
                name("  free toward the worst"),
                free(tcp.worst()),
                free(udp.worst()),
                atMost(tcp.exact(), tcp.worst().free())));
    line(
        "%s%8d%8d%s"
            .formatted(
                name("  free for bind() to port 0"),
                tcp.bindFree(),
                udp.bindFree(),
                atMost(tcp.bindExact(), tcp.bindFree())));
    line("");
  }

  private static String atMost(boolean exact, int free) {
    return exact || free == 0 ? "" : "   TCP: at most";
  }

  private void counts(String what, PoolUsage tcp, PoolUsage udp, ToIntFunction<PoolUsage> count) {
    line(name("  " + what) + "%8d%8d".formatted(count.applyAsInt(tcp), count.applyAsInt(udp)));
  }

  private String name(String name) {
    return (width < NARROW ? "%-28s" : "%-32s").formatted(name);
  }

  private String free(Headroom headroom) {
    return HeadroomTable.graded(style, headroom, "%8d".formatted(headroom.free()));
  }

  private void destinations(PoolUsage tcp) {
    if (tcp.top().isEmpty()) {
      return;
    }
    line(
        table.title(
            "Worst TCP destinations, %d of %d".formatted(mostDestinations, tcp.destinations())));
    SampleReport.destinations(report.host())
        .filter(each -> each.usage().protocol() == Protocol.TCP)
        .limit(mostDestinations)
        .sorted(look.order().comparator())
        .forEach(this::destination);
    line("");
  }

  private void destination(TightDestination each) {
    DestinationUsage usage = each.usage();
    line(table.row(usage.destination() + " from " + usage.source(), usage.headroom()));
    Flow flow = usage.flow();
    if (flow.isKnown() && 2 * flow.closed() >= flow.sustained()) {
      line(Printable.of("    " + FlowText.of(flow), width));
    }
    each.holders().stream()
        .limit(1)
        .forEach(
            holder -> line(Printable.of("    by " + report.holderNames().line(holder), width)));
  }

  private void namespaces() {
    if (report.others().isEmpty()) {
      return;
    }
    line("");
    line(table.title("Other network namespaces, by TCP's worst"));
    for (NamespaceReport other : report.othersByState()) {
      Snapshot snapshot = other.lastGood();
      line(
          snapshot == null
              ? Printable.of("  %s: %s".formatted(other.netns(), whyNone(other)), width)
              : table.row(other.netns(), snapshot.pool(Protocol.TCP).worst()));
    }
    line("");
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
    String what = "connect() calls that failed for lack of a port: ";
    if (failures == null) {
      sentence(
          what + "not counted, " + report.unavailable().getOrDefault(Feature.CONNECT_FAILURES, ""));
      return;
    }
    long failed = failures.ipv4() + failures.ipv6();
    String text = what + failed + " since " + countedSince.truncatedTo(ChronoUnit.SECONDS);
    line(failed == 0 ? text : style.bad(text));
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

  private void indented(String text) {
    page.append(Wrap.of(Printable.oneLine(text), "  ", "    ", width));
  }

  private void sentence(String text) {
    page.append(Wrap.of(Printable.oneLine(text), "", "  ", width));
  }

  private void line(String text) {
    page.append(text).append('\n');
  }
}
