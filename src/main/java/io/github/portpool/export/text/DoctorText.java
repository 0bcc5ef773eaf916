package io.github.portpool.export.text;

import io.github.portpool.advice.Diagnosis;
import io.github.portpool.advice.Finding;
import io.github.portpool.advice.Fix;
import io.github.portpool.advice.Severity;
import io.github.portpool.advice.Verdict;
import io.github.portpool.host.Printable;
import java.time.temporal.ChronoUnit;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.TreeMap;

/** A diagnosis as a page for a terminal. */
public final class DoctorText {
  private static final String INDENT = "  ";
  private static final String OTHER_FILE =
      "If /etc/sysctl.conf sets the same, change it there: sysctl --system reads that file last,"
          + " and it wins.";

  private DoctorText() {}

  /**
   * The page.
   *
   * @param width columns of the terminal; sentences are broken to fit, commands never
   */
  public static String of(Diagnosis diagnosis, Style style, int width) {
    StringBuilder page = new StringBuilder();
    page.append(style.title("portpool doctor"))
        .append(" at ")
        .append(diagnosis.time().truncatedTo(ChronoUnit.SECONDS))
        .append(", ephemeral range ")
        .append(diagnosis.range().first())
        .append('-')
        .append(diagnosis.range().last())
        .append('\n');
    Verdict verdict = diagnosis.verdict();
    page.append(
        Wrap.of(
            line("Ports " + verdict.state() + ": " + VerdictText.reason(verdict)),
            "",
            INDENT,
            width));
    VerdictText.lines(verdict)
        .forEach(line -> page.append(Wrap.of(line(line), INDENT, INDENT + INDENT, width)));
    if (diagnosis.healthy()) {
      page.append(style.good("Nothing is wrong.")).append('\n');
    }
    Set<List<Fix>> printed = new HashSet<>();
    for (Finding finding : diagnosis.findings()) {
      boolean again = !finding.fixes().isEmpty() && !printed.add(finding.fixes());
      page.append('\n').append(finding(finding, again, style, width));
    }
    caution(page, diagnosis, width);
    notSeen(page, diagnosis, style, width);
    return page.toString();
  }

  private static String finding(Finding finding, boolean again, Style style, int width) {
    StringBuilder text = new StringBuilder();
    String severity = finding.severity().label().toUpperCase(Locale.ROOT);
    String title = Wrap.of(line(finding.title()), severity + ": ", INDENT, width);
    text.append(coloured(finding.severity(), severity, style))
        .append(title.substring(severity.length()));
    for (String evidence : finding.evidence()) {
      text.append(item(evidence, width));
    }
    text.append(Wrap.of(line(finding.advice()), INDENT, INDENT, width));
    if (again) {
      return text.append(INDENT).append("The commands above do this too.\n").toString();
    }
    commands(text, "now:", finding.fixes().stream().map(Fix::command).toList(), style);
    commands(
        text,
        "to keep it over a reboot:",
        finding.fixes().stream().map(Fix::lasting).filter(last -> !last.isEmpty()).toList(),
        style);
    return text.toString();
  }

  private static void commands(
      StringBuilder text, String what, List<String> commands, Style style) {
    if (commands.isEmpty()) {
      return;
    }
    text.append(INDENT).append(what).append('\n');
    for (String command : commands) {
      text.append(INDENT).append(INDENT).append(style.title(line(command))).append('\n');
    }
  }

  private static String coloured(Severity severity, String text, Style style) {
    return switch (severity) {
      case CRITICAL -> style.bad(text);
      case WARNING -> style.warning(text);
      case NOTE -> style.title(text);
    };
  }

  /** What systemd-sysctl and procps do with a setting that is in two files, sysctl.d(5). */
  private static void caution(StringBuilder page, Diagnosis diagnosis, int width) {
    if (diagnosis.findings().stream()
        .flatMap(finding -> finding.fixes().stream())
        .anyMatch(fix -> !fix.lasting().isEmpty())) {
      page.append('\n').append(Wrap.of(OTHER_FILE, "", "", width));
    }
  }

  private static void notSeen(StringBuilder page, Diagnosis diagnosis, Style style, int width) {
    if (diagnosis.unavailable().isEmpty() && diagnosis.untrackedConnections() == 0) {
      return;
    }
    page.append('\n').append(style.title("Not seen")).append('\n');
    if (diagnosis.untrackedConnections() > 0) {
      page.append(
          item(
              "%d connections, for they have too many owners"
                  .formatted(diagnosis.untrackedConnections()),
              width));
    }
    new TreeMap<>(diagnosis.unavailable())
        .forEach((feature, reason) -> page.append(item(feature.label() + ": " + reason, width)));
  }

  private static String item(String text, int width) {
    return Wrap.of(line(text), INDENT + "- ", INDENT + INDENT, width);
  }

  private static String line(String text) {
    return Printable.oneLine(text);
  }
}
