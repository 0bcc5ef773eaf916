package io.github.portpool.export.web.server;

import com.sun.net.httpserver.HttpExchange;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.URI;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.zip.Deflater;
import java.util.zip.GZIPOutputStream;

/** How pages answer. */
public final class Page {
  public static final String TEXT = "text/plain; charset=utf-8";
  public static final String HTML = "text/html; charset=utf-8";
  public static final String JSON = "application/json";

  private Page() {}

  /** What a request asks for behind its path, by name; of several of one name the first. */
  public static Map<String, String> parameters(URI uri) {
    Map<String, String> parameters = new LinkedHashMap<>();
    String query = uri.getRawQuery();
    for (String part : query == null || query.isEmpty() ? new String[0] : query.split("&", -1)) {
      String[] both = part.split("=", 2);
      parameters.putIfAbsent(decoded(both[0]), both.length < 2 ? "" : decoded(both[1]));
    }
    return parameters;
  }

  private static String decoded(String text) {
    return URLDecoder.decode(text, StandardCharsets.UTF_8);
  }

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
