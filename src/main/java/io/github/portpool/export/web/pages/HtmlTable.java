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
    Html html = begin(name).add("<table class=\"spoken cards\"><thead><tr>");
    headers(html, table);
    for (List<String> row : table.rows()) {
      cells(html.add("<tr>"), row);
    }
    return end(html);
  }

  /**
   * A table that can be filtered, with one column more, the first.
   *
   * @param lead the header of that column
   * @param leads its cells
   */
  static Html of(String name, String lead, List<Html> leads, TextTable table) {
    Html html = begin(name).add("<table class=\"spoken cards\" data-filter><thead><tr>");
    headers(html.add("<th scope=\"col\">%s</th>", lead), table);
    List<List<String>> rows = table.rows();
    for (int row = 0; row < rows.size(); row++) {
      cells(html.add("<tr><th scope=\"row\">%s</th>", leads.get(row)), rows.get(row));
    }
    return end(html);
  }

  private static Html begin(String name) {
    return new Html(
        "<div class=\"scroll\" tabindex=\"0\" role=\"group\" aria-label=\"%s\">\n", name);
  }

  private static void headers(Html html, TextTable table) {
    table.headers().forEach(header -> html.add("<th scope=\"col\">%s</th>", header));
    html.add("</tr></thead>\n<tbody>\n");
  }

  private static void cells(Html html, List<String> row) {
    row.forEach(cell -> html.add("<td>%s</td>", cell));
    html.add("</tr>\n");
  }

  private static Html end(Html html) {
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
