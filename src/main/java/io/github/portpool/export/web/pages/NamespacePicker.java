package io.github.portpool.export.web.pages;

import io.github.portpool.advice.CheckState;
import io.github.portpool.advice.Thresholds;
import io.github.portpool.export.web.server.Page;
import io.github.portpool.sample.NamespaceReport;
import io.github.portpool.sample.SampleReport;
import java.net.URI;
import java.util.Optional;
import java.util.stream.Stream;

/** Which network namespace a page shows: all of them, or the one that {@code netns=} names. */
final class NamespacePicker {
  private static final int MOST = 200;

  private NamespacePicker() {}

  /** The name that a request has chosen, empty for all. */
  static String chosen(URI uri) {
    return Page.parameters(uri).getOrDefault("netns", "");
  }

  /** What is known of the chosen one, of all that of the agent's own; empty where nothing is. */
  static Optional<NamespaceReport> find(SampleReport report, String chosen) {
    return chosen.isEmpty()
        ? Optional.of(report.host())
        : report.namespaces().filter(each -> each.netns().equals(chosen)).findFirst();
  }

  /** The form, the worst first; nothing where there is nothing to choose from. */
  static Html form(SampleReport report, String chosen) {
    if (report.others().isEmpty()) {
      return new Html();
    }
    Html options = new Html();
    option(options, "", "all", chosen);
    Stream.concat(Stream.of(report.host()), report.othersByState().stream())
        .filter(each -> each.lastGood() != null)
        .limit(MOST)
        .forEach(each ->
            option(options, each.netns(), each.netns() + ", " + state(report, each), chosen));
    return new Html(
        """
        <form action="/ports" class="picker">
        <label for="netns">Network namespace</label>
        <select id="netns" name="netns">
        %s</select>
        <button>Show</button>
        </form>
        """,
        options);
  }

  private static String state(SampleReport report, NamespaceReport namespace) {
    return report
        .place(namespace)
        .map(place -> place.judgement(Thresholds.USUAL).state())
        .orElse(CheckState.UNKNOWN)
        .label();
  }

  private static void option(Html html, String name, String text, String chosen) {
    html.add(
        "<option value=\"%s\"%s>%s</option>\n",
        name, new Html(name.equals(chosen) ? " selected" : ""), text);
  }
}
