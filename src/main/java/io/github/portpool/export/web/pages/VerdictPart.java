package io.github.portpool.export.web.pages;

import io.github.portpool.advice.CheckState;
import io.github.portpool.advice.Judgement;
import io.github.portpool.advice.Measure;
import io.github.portpool.advice.Place;
import io.github.portpool.advice.Since;
import io.github.portpool.advice.Verdict;
import io.github.portpool.export.text.VerdictText;
import io.github.portpool.sample.SampleReport;
import java.util.List;
import java.util.regex.Pattern;

/** The one answer to whether the host is in trouble, at the top of a page. */
final class VerdictPart {
  private static final Pattern PLAIN_NAME = Pattern.compile("[\\w.:@-]+");

  private VerdictPart() {}

  /** With addresses and names, for those who may see them. */
  static Html of(SampleReport report) {
    return report.verdict().map(verdict -> html(verdict, true)).orElseGet(Html::new);
  }

  /** Without anybody's name or address. */
  static Html anonymous(SampleReport report) {
    return report.verdict().map(verdict -> html(verdict, false)).orElseGet(Html::new);
  }

  private static Html html(Verdict verdict, boolean details) {
    Html html =
        new Html(
            "<div class=\"verdict %s\">\n<p><b>%s</b>: %s.</p>\n",
            verdict.state().label(),
            verdict.state(),
            details ? VerdictText.reason(verdict) : VerdictText.anonymous(verdict));
    if (verdict.state() != CheckState.OK) {
      html.add("<dl>\n");
      verdict.place().since().ifPresent(since -> since(html, since));
      if (details) {
        names(html, verdict);
      } else {
        fact(
            html,
            "Where and who",
            new Html("see <a href=\"/ports\">the port map</a>, on this host"));
      }
      String chapter = chapter(verdict);
      fact(html, "Runbook", new Html("<a href=\"/runbook#%s\">%s</a>", chapter, chapter));
      html.add("</dl>\n");
    }
    return html.add("</div>\n");
  }

  private static void names(Html html, Verdict verdict) {
    fact(html, "Network namespace", new Html("%s", verdict.place().netns()));
    List<String> culprits = verdict.culpritLines();
    if (!culprits.isEmpty()) {
      Html lines = new Html();
      culprits.forEach(line -> lines.add("<div>%s</div>", line));
      fact(html, "By", lines);
    }
    fact(html, "Next step", new Html("%s", verdict.nextStep()));
    fact(html, "On this host", commands(verdict));
  }

  /** What says more, to be copied into a terminal of this host. */
  private static Html commands(Verdict verdict) {
    Place place = verdict.place();
    String netns = PLAIN_NAME.matcher(place.netns()).matches() ? place.netns() : "all";
    Html html =
        new Html(
            "<div>%s</div>",
            Html.command(
                place.elsewhere() ? "portpool doctor --namespaces=" + netns : "portpool doctor"));
    String destination = verdict.judgement().worst().where();
    return destination.isEmpty()
        ? html
        : html.add("<div>%s</div>", Html.command("portpool who --to " + destination));
  }

  /** The chapter of the runbook about such a state. */
  private static String chapter(Verdict verdict) {
    if (verdict.judgement().failing()) {
      return "PortpoolConnectFailures";
    }
    Measure worst = verdict.judgement().worst();
    if (worst.name().equals(Judgement.BIND)) {
      return "PortpoolPoolNearlyExhausted";
    }
    return worst.headroom().free() == 0
        ? "PortpoolDestinationExhausted"
        : "PortpoolDestinationNearlyExhausted";
  }

  private static void since(Html html, Since since) {
    fact(
        html,
        "Since",
        new Html("%s%s", PoolTable.time(since.time()), since.orEarlier() ? " or earlier" : ""));
  }

  private static void fact(Html html, String name, Html value) {
    html.add("<dt>%s</dt><dd>%s</dd>\n", name, value);
  }
}
