package io.github.portpool.export.web.pages;

import io.github.portpool.sample.BuildInfo;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * What all HTML pages have in common.
 *
 * @param build the program that is running
 * @param telemetryPath where the metrics are
 * @param host the name of this host, empty where it has none
 */
public record Layout(BuildInfo build, String telemetryPath, Supplier<String> host) {
  private static final String NAME = "portpool";

  /**
   * A page.
   *
   * @param title what it is about, empty for the first page
   */
  String page(String title, String path, Html body) {
    String name = host.get();
    String full =
        Stream.of(name, title, NAME)
            .filter(part -> !part.isEmpty())
            .collect(Collectors.joining(" - "));
    return new Html(
            """
            <!doctype html>
            <html lang="en">
            <head>
            <meta charset="utf-8">
            <meta name="viewport" content="width=device-width, initial-scale=1">
            <meta name="color-scheme" content="light dark">
            <title>%s</title>
            <link rel="icon" href="/assets/icon.svg">
            <link rel="stylesheet" href="/assets/style.css">
            <script type="module" src="/assets/page.js"></script>
            </head>
            <body>
            <a class="skip" href="#main">Skip to the content</a>
            <header>
            %s
            <nav aria-label="Pages">
            %s%s%s%s%s%s
            </nav>
            <form action="/ports" role="search">
            <label for="port">Port</label>
            <input id="port" name="port" type="number" min="1" max="65535" required inputmode="numeric">
            <button>Open</button>
            </form>
            </header>
            <main id="main">
            %s</main>
            <footer>portpool %s, revision %s</footer>
            </body>
            </html>
            """,
            full,
            name.isEmpty() ? new Html() : new Html("<p class=\"host\">%s</p>", name),
            link("/", NAME, path),
            link("/ports", "Port map", path),
            link(ListenersPage.PATH, "Listeners", path),
            link(RunbookPage.PATH, "Runbook", path),
            link(telemetryPath, "Metrics", path),
            link("/api/v1/openapi.json", "API", path),
            body,
            build.version(),
            build.revision())
        .toString();
  }

  private static Html link(String to, String text, String path) {
    return new Html(
        to.equals(path)
            ? "<a href=\"%s\" aria-current=\"page\">%s</a>\n"
            : "<a href=\"%s\">%s</a>\n",
        to,
        text);
  }
}
