package io.github.portpool.export.web.pages;

import io.github.portpool.host.Printable;
import java.util.Arrays;
import java.util.Locale;

/**
 * HTML that grows at its end. What strangers chose goes in as a value, and every value is escaped.
 */
final class Html {
  private final StringBuilder html = new StringBuilder();

  /** No text yet. */
  Html() {}

  /** A template whose values take the place of {@code %s} and {@code %d}. */
  Html(String template, Object... values) {
    add(template, values);
  }

  /** Adds such a template. */
  Html add(String template, Object... values) {
    html.append(
        String.format(Locale.ROOT, template, Arrays.stream(values).map(Html::safe).toArray()));
    return this;
  }

  /** A command to be copied, for which the page's script adds a button. */
  static Html command(String command) {
    return new Html("<code class=\"command\">%s</code>", command);
  }

  boolean isEmpty() {
    return html.isEmpty();
  }

  private static Object safe(Object value) {
    return value instanceof Number || value instanceof Html ? value : escape(value.toString());
  }

  /** Text on one line that may stand anywhere in HTML, also in an attribute within quotes. */
  static String escape(String text) {
    return Printable.oneLine(text)
        .replace("&", "&amp;")
        .replace("<", "&lt;")
        .replace(">", "&gt;")
        .replace("\"", "&quot;")
        .replace("'", "&#39;");
  }

  @Override
  public String toString() {
    return html.toString();
  }
}
