package io.github.portpool.export.web;

import io.github.portpool.export.text.TextTable;
import java.util.List;

/** A table that is made for the terminal too. */
final class HtmlTable {
  private HtmlTable() {}

  /** A table with a header row. */
  static Html of(String name, TextTable table) {
    Html html =
        new Html()
            .add(
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
    Html html = new Html().add("<table class=\"facts\"><tbody>\n");
    table
        .rows()
        .forEach(row ->
            html.add(
                "<tr><th scope=\"row\">%s</th><td>%s</td></tr>\n", row.getFirst(), row.getLast()));
    return html.add("</tbody></table>\n");
  }
}
