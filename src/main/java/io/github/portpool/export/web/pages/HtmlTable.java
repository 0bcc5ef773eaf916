package io.github.portpool.export.web.pages;

import io.github.portpool.export.text.TextTable;
import io.github.portpool.snapshot.Feature;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** Tables that are made for the terminal too. */
final class HtmlTable {
  private HtmlTable() {}

  /** A table with a header row. */
  static Html of(String name, TextTable table) {
    Html html =
        new Html(
            "<div class=\"scroll\" tabindex=\"0\" role=\"group\" aria-label=\"%s\">\n"
                + "<table class=\"spoken\"><thead><tr>",
            name);
    table.headers().forEach(header -> html.add("<th scope=\"col\">%s</th>", header));
    html.add("</tr></thead>\n<tbody>\n");
    for (List<String> row : table.rows()) {
      html.add("<tr>");
      row.forEach(cell -> html.add("<td>%s</td>", cell));
      html.add("</tr>\n");
    }
    return html.add("</tbody></table></div>\n");
  }

  /** Two columns without headers: names, and what is so. */
  static Html facts(TextTable table) {
    Html html = new Html("<table class=\"facts\"><tbody>\n");
    table
        .rows()
        .forEach(row ->
            html.add(
                "<tr><th scope=\"row\">%s</th><td>%s</td></tr>\n", row.getFirst(), row.getLast()));
    return html.add("</tbody></table>\n");
  }

  /** What cannot be seen, and why; nothing where everything is. */
  static Html unseen(Map<Feature, String> unavailable) {
    Html html = new Html();
    if (unavailable.isEmpty()) {
      return html;
    }
    html.add("<h2>What it cannot see here</h2>\n<table>\n");
    new TreeMap<>(unavailable)
        .forEach((feature, reason) ->
            html.add("<tr><th scope=\"row\">%s</th><td>%s.</td></tr>\n", feature.label(), reason));
    return html.add("</table>\n");
  }
}
