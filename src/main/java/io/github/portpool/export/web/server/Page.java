package io.github.portpool.export.web.server;

import com.sun.net.httpserver.HttpExchange;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.zip.Deflater;
import java.util.zip.GZIPOutputStream;

/** How pages answer. */
public final class Page {
  public static final String TEXT = "text/plain; charset=utf-8";
  public static final String HTML = "text/html; charset=utf-8";
  public static final String JSON = "application/json";

  private Page() {}

  /** Sends an answer that is of this moment. */
  public static void send(HttpExchange exchange, int status, String contentType, String body)
      throws IOException {
    header(exchange, "Cache-Control", "no-store");
    send(exchange, status, contentType, body.getBytes(StandardCharsets.UTF_8));
  }

  /** Sends an answer whose headers say how long it lasts. */
  public static void send(HttpExchange exchange, int status, String contentType, byte[] body)
      throws IOException {
    header(exchange, "Content-Type", contentType);
    exchange.sendResponseHeaders(status, body.length);
    exchange.getResponseBody().write(body);
  }

  /** Sends the same compressed, to a client that takes it. */
  public static void sendCompressed(HttpExchange exchange, String contentType, byte[] body)
      throws IOException {
    header(exchange, "Vary", "Accept-Encoding");
    if (!Negotiation.acceptsGzip(exchange.getRequestHeaders())) {
      send(exchange, 200, contentType, body);
      return;
    }
    header(exchange, "Content-Encoding", "gzip");
    ByteArrayOutputStream compressed = new ByteArrayOutputStream();
    try (GZIPOutputStream gzip = new FastGzip(compressed)) {
      gzip.write(body);
    }
    send(exchange, 200, contentType, compressed.toByteArray());
  }

  /** Names the version of what is asked for; when the client has it, says so and returns true. */
  public static boolean isKnown(HttpExchange exchange, String tag) throws IOException {
    header(exchange, "ETag", tag);
    String tags = exchange.getRequestHeaders().getFirst("If-None-Match");
    boolean known =
        tags != null && Arrays.stream(tags.split(",")).map(String::strip).anyMatch(tag::equals);
    if (known) {
      exchange.sendResponseHeaders(304, -1);
    }
    return known;
  }

  public static void header(HttpExchange exchange, String name, String value) {
    exchange.getResponseHeaders().set(name, value);
  }

  /** Compresses quickly: a map of ports is mostly zeros. */
  private static final class FastGzip extends GZIPOutputStream {
    FastGzip(ByteArrayOutputStream out) throws IOException {
      super(out);
      def.setLevel(Deflater.BEST_SPEED);
    }
  }
}
