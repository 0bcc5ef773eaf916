package io.github.portpool.export.web.pages;

import io.github.portpool.sample.BuildInfo;

/**
 * What all HTML pages have in common.
 *
 * @param build the program that is running
 * @param telemetryPath where the metrics are
 */
public record Layout(BuildInfo build, String telemetryPath) {
  /** A page. */
  String page(String title, String path, Html body) {
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
            </head>
            <body>
            <a class="skip" href="#main">Skip to the content</a>
            <header>
            <nav aria-label="Pages">
            %s%s%s%s
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
            title,
            link("/", "portpool", path),
            link("/ports", "Port map", path),
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
