package io.github.portpool.export.web.pages;

import com.sun.net.httpserver.HttpHandler;
import io.github.portpool.export.web.server.Page;
import java.nio.charset.StandardCharsets;

/**
 * The page at {@code /runbook}: grafana/runbook.md, for those who have no Internet, with a chapter
 * for each alert, {@code /runbook#PortpoolDestinationExhausted}. It tells nothing of this host.
 */
public final class RunbookPage {
  static final String PATH = "/runbook";

  private RunbookPage() {}

  /** The handler of the page. */
  public static HttpHandler of(Layout layout) {
    return exchange ->
        Page.send(exchange, 200, Page.HTML, layout.page("Runbook", PATH, Rendered.BODY));
  }

  /** Rendered when somebody asks for it first. */
  private static final class Rendered {
    private static final Html BODY =
        new Html("<div class=\"prose\">\n")
            .add(
                "%s</div>\n",
                Markdown.html(new String(Assets.read("runbook.md"), StandardCharsets.UTF_8)));
  }
}
