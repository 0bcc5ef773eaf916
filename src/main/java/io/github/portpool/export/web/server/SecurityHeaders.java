package io.github.portpool.export.web.server;

import com.sun.net.httpserver.Headers;
import java.util.Map;

/**
 * The headers of every answer: nothing but portpool's own files is loaded or run, no other site may
 * frame, read or keep a hold on a page, and nothing is told to where its links lead.
 */
final class SecurityHeaders {
  private static final Map<String, String> ALL =
      Map.of(
          "Content-Security-Policy",
          "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:;"
              + " connect-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'",
          "X-Content-Type-Options",
          "nosniff",
          "Referrer-Policy",
          "no-referrer",
          "Cross-Origin-Resource-Policy",
          "same-origin",
          "Cross-Origin-Opener-Policy",
          "same-origin");

  private SecurityHeaders() {}

  /**
   * Sets them.
   *
   * @param others what the administrator sets besides or instead; an empty value takes one away
   */
  static void set(Headers headers, Map<String, String> others) {
    ALL.forEach(headers::set);
    others.forEach((name, value) -> {
      if (value.isEmpty()) {
        headers.remove(name);
      } else {
        headers.set(name, value);
      }
    });
  }
}
