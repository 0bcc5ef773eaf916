package io.github.portpool.export.text;

import io.github.portpool.host.Count;
import io.github.portpool.host.Printable;
import io.github.portpool.lookup.FoundSocket;
import io.github.portpool.lookup.FoundSocket.HeldBy;
import io.github.portpool.lookup.FoundSocket.Holder;
import io.github.portpool.lookup.LastSeen;
import io.github.portpool.lookup.PortReport;
import io.github.portpool.lookup.Searched;
import io.github.portpool.lookup.SocketGroup;
import io.github.portpool.lookup.SocketsReport;
import io.github.portpool.snapshot.Feature;
import java.time.Instant;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;

/** What is on a port, or what a process holds, as a page of text: the answer is its first line. */
public final class WhoText {
  private static final String INDENT = "  ";
  private static final int MOST_GROUPS = 50;
  private static final int MOST_COMMANDS = 20;

  private final StringBuilder text = new StringBuilder();

  private WhoText() {}

  /**
   * A page about a port.
   *
   * @param noHistory why the report has no history, where it has none
   * @param each whether sockets are listed one by one also where there are many
   */
  public static String of(PortReport report, String noHistory, boolean each) {
    WhoText page = new WhoText();
    page.line(Headline.of(report));
    page.sockets(report.sockets(), report.untracked(), report.groups(), report.time(), each);
    page.line("");
    page.line("What port " + report.port() + " is");
    PortFacts.of(report).writeTo(page.text, INDENT);
    page.line("");
    page.history(report, noHistory);
    Set<Feature> matter =
        EnumSet.of(Feature.EPHEMERAL_RANGE, Feature.TIME_WAIT, Feature.BOUND_INACTIVE);
    page.notes(matter, report.sockets(), report.searched(), report.unavailable());
    return page.text.toString();
  }

  /**
   * A page about the processes of a name.
   *
   * @param each whether sockets are listed one by one also where there are many
   */
  public static String ofProcess(SocketsReport report, boolean each) {
    return of(
        report,
        report.sockets().isEmpty()
            ? "No TCP or UDP socket of a process called " + report.name() + " was found."
            : "%s: %s, pid %s"
                .formatted(
                    report.name(),
                    Count.of(report.sockets().size() + report.untracked(), "socket"),
                    pids(report.sockets())),
        each);
  }

  /**
   * A page about sockets that have something else in common.
   *
   * @param what what that is, after their number
   * @param each whether sockets are listed one by one also where there are many
   */
  public static String of(String what, SocketsReport report, boolean each) {
    int total = report.sockets().size() + report.untracked();
    return of(
        report,
        total == 0
            ? "No socket was found " + what + "."
            : Count.of(total, "socket") + " " + what + ".",
        each);
  }

  private static String of(SocketsReport report, String headline, boolean each) {
    WhoText page = new WhoText();
    List<FoundSocket> sockets = report.sockets();
    page.line(headline);
    page.sockets(sockets, report.untracked(), report.groups(), report.time(), each);
    page.notes(EnumSet.of(Feature.PROCESSES), sockets, report.searched(), report.unavailable());
    return page.text.toString();
  }

  private static String pids(List<FoundSocket> sockets) {
    return sockets.stream()
        .flatMap(socket -> socket.processes().stream())
        .map(process -> String.valueOf(process.pid()))
        .distinct()
        .collect(Collectors.joining(", "));
  }

  private void line(String line) {
    text.append(Printable.oneLine(line)).append('\n');
  }

  private void sockets(
      List<FoundSocket> sockets,
      int untracked,
      List<SocketGroup> groups,
      Instant now,
      boolean each) {
    if (sockets.isEmpty()) {
      return;
    }
    line("");
    if (!each && sockets.size() > SocketGroup.FEW) {
      GroupRows.of(groups.subList(0, Math.min(MOST_GROUPS, groups.size())), now).writeTo(text, "");
      if (groups.size() > MOST_GROUPS) {
        line("and " + Count.of(groups.size() - MOST_GROUPS, "more group"));
      }
      line("--sockets lists each socket.");
    } else {
      SocketRows.of(sockets, now).writeTo(text, "");
      if (untracked > 0) {
        line("and " + Count.of(untracked, "more socket"));
      }
    }
    commands(groups);
  }

  /** How the processes were started, which tells those of one name apart. */
  private void commands(List<SocketGroup> groups) {
    List<HeldBy> started =
        groups.stream()
            .flatMap(group -> group.processes().stream())
            .filter(process -> !process.command().isEmpty())
            .distinct()
            .limit(MOST_COMMANDS)
            .toList();
    if (!started.isEmpty()) {
      line("");
      line("Started as");
      TextTable table = new TextTable("", "");
      started.forEach(process -> table.row(String.valueOf(process.pid()), process.command()));
      table.writeTo(text, INDENT);
    }
  }

  private void history(PortReport report, String noHistory) {
    List<LastSeen> history = report.history();
    if (history == null) {
      line(noHistory);
      return;
    }
    if (history.isEmpty()) {
      line("The running agent has never seen anything there.");
      return;
    }
    line("What the running agent saw there");
    HistoryRows.of(history, report.time()).writeTo(text, INDENT);
  }

  /** Says what cannot be seen: namespaces, owners that are missing here, and what else matters. */
  private void notes(
      Set<Feature> matter,
      List<FoundSocket> sockets,
      Searched searched,
      Map<Feature, String> unavailable) {
    matter.add(Feature.NAMESPACES);
    for (FoundSocket socket : sockets) {
      if (socket.holder() == Holder.UNKNOWN || socket.holder() == Holder.KERNEL) {
        matter.add(Feature.PROCESSES);
      }
      if (socket.holder() != Holder.NOBODY && socket.controlGroup() == null) {
        matter.add(Feature.CGROUPS);
      }
    }
    matter.retainAll(unavailable.keySet());
    if (sockets.isEmpty() || !matter.isEmpty()) {
      line("");
      if (sockets.isEmpty()) {
        line("Searched: " + searched);
      }
      matter.forEach(feature -> line("Note: " + unavailable.get(feature)));
    }
  }
}
