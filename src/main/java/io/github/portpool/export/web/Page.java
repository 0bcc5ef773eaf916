package io.github.portpool.export.web;

import com.sun.net.httpserver.Headers;
import com.sun.net.httpserver.HttpExchange;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.List;

/** Answers of a few lines. */
final class Page {
  static final String TEXT = "text/plain; charset=utf-8";
  static final String HTML = "text/html; charset=utf-8";

  private Page() {}

  static void send(HttpExchange exchange, int status, String contentType, String body)
      throws IOException {
    byte[] bytes = body.getBytes(StandardCharsets.UTF_8);
    Headers headers = exchange.getResponseHeaders();
    headers.put("Content-Type", List.of(contentType));
    headers.put("X-Content-Type-Options", List.of("nosniff"));
    headers.put("Cache-Control", List.of("no-store"));
    headers.put(
        "Content-Security-Policy",
        List.of("default-src 'none'; style-src 'unsafe-inline'; frame-ancestors 'none'"));
    exchange.sendResponseHeaders(status, bytes.length);
    exchange.getResponseBody().write(bytes);
  }

  /** Text that may stand anywhere in HTML. */
  static String escape(String text) {
    return text.replace("&", "&amp;")
        .replace("<", "&lt;")
        .replace(">", "&gt;")
        .replace("\"", "&quot;")
        .replace("'", "&#39;");
  }
}
