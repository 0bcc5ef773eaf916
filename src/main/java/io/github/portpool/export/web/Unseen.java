package io.github.portpool.export.web;

import io.github.portpool.snapshot.Feature;
import java.util.Map;

/** What cannot be seen, and why. */
final class Unseen {
  private Unseen() {}

  /** A table; nothing where everything is seen. */
  static Html of(Map<Feature, String> unavailable) {
    Html html = new Html();
    if (unavailable.isEmpty()) {
      return html;
    }
    html.add("<h2>What it cannot see here</h2>\n<table>\n");
    for (Feature feature : Feature.values()) {
      String reason = unavailable.get(feature);
      if (reason != null) {
        html.add("<tr><th scope=\"row\">%s</th><td>%s.</td></tr>\n", feature.label(), reason);
      }
    }
    return html.add("</table>\n");
  }
}
