package io.github.portpool.export.web.pages;

import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/**
 * A page of portpool's own in the Markdown that those use: titles, paragraphs, commands, bold text
 * and links to chapters, which are known by their whole title.
 */
final class Markdown {
  private static final String FENCE = "```";
  private static final Pattern SPAN =
      Pattern.compile(
          "`(?<code>[^`]+)`|\\*\\*(?<bold>.+?)\\*\\*|\\[(?<text>[^]]+)]\\(#(?<anchor>[^)]+)\\)");

  private final List<String> chapters;
  private final Html html = new Html();
  private final List<String> paragraph = new ArrayList<>();

  private Markdown(String text) {
    chapters =
        text.lines()
            .filter(line -> line.startsWith("## "))
            .map(line -> line.substring(3))
            .collect(Collectors.toList());
  }

  /** The same as HTML. */
  static Html html(String text) {
    Markdown page = new Markdown(text);
    String[] parts = text.split("(?m)^" + FENCE + "\n", -1);
    for (int part = 0; part < parts.length; part++) {
      if (part % 2 == 1) {
        page.commands(parts[part]);
      } else {
        parts[part].lines().forEach(page::line);
        page.endParagraph();
      }
    }
    return page.html;
  }

  private void line(String line) {
    if (!line.isEmpty() && line.charAt(0) != '#') {
      paragraph.add(line);
      return;
    }
    endParagraph();
    if (line.startsWith("## ")) {
      String title = line.substring(3);
      html.add("<h2 id=\"%s\">%s</h2>\n", title, title);
    } else if (!line.isEmpty()) {
      html.add("<h1>%s</h1>\n%s", line.substring(2), contents());
    }
  }

  private Html contents() {
    Html list = new Html("<nav aria-label=\"Chapters\"><ul class=\"chapters\">\n");
    chapters.forEach(each -> list.add("<li><a href=\"#%s\">%s</a></li>\n", each, each));
    return list.add("</ul></nav>\n");
  }

  private void endParagraph() {
    if (!paragraph.isEmpty()) {
      html.add("<p>%s</p>\n", spans(String.join(" ", paragraph)));
      paragraph.clear();
    }
  }

  private void commands(String lines) {
    lines
        .lines()
        .filter(line -> !line.isBlank())
        .forEach(line -> html.add("<p>%s</p>\n", Html.command(line)));
  }

  private Html spans(String text) {
    Html spans = new Html();
    Matcher matcher = SPAN.matcher(text);
    int end = 0;
    while (matcher.find()) {
      spans.add("%s", text.substring(end, matcher.start()));
      if (matcher.group("code") != null) {
        spans.add("<code>%s</code>", matcher.group("code"));
      } else if (matcher.group("bold") != null) {
        spans.add("<b>%s</b>", matcher.group("bold"));
      } else {
        spans.add(
            "<a href=\"#%s\">%s</a>", chapter(matcher.group("anchor")), matcher.group("text"));
      }
      end = matcher.end();
    }
    return spans.add("%s", text.substring(end));
  }

  /** GitHub's anchors are titles in lower case. */
  private String chapter(String anchor) {
    return chapters.stream().filter(anchor::equalsIgnoreCase).findFirst().orElse(anchor);
  }
}
