package io.github.portpool.export.web.server;

import com.sun.net.httpserver.Headers;
import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpHandler;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;

/**
 * What a client gets of what a page has: RFC 9110, 12.5. Who wants nothing that there is gets the
 * first, as from Prometheus' libraries, unless it is what it does not want.
 */
public final class Negotiation {
  private static final String GZIP = "gzip";

  /** A type that a client has a preference for. */
  private record Offer(String type, Preference preference, int precision) {
    String header() {
      String escaping = preference.parameters().get("escaping");
      return escaping == null ? type : type + ";escaping=" + escaping;
    }
  }

  private Negotiation() {}

  /**
   * Reads what clients accept for a page.
   *
   * @param types the media types that it has, the usual one first
   * @param page gets in Accept just the type that is to be sent, and gzip or nothing in
   *     Accept-Encoding
   */
  public static HttpHandler of(List<String> types, HttpHandler page) {
    return exchange -> {
      Page.header(exchange, "Vary", "Accept, Accept-Encoding");
      Optional<String> type = type(types, exchange.getRequestHeaders());
      if (type.isPresent()) {
        negotiated(exchange, type.get(), page);
      } else {
        Page.send(
            exchange, 406, Page.TEXT, "There is " + String.join(", ", types) + " and no other.\n");
      }
    };
  }

  private static void negotiated(HttpExchange exchange, String type, HttpHandler page)
      throws IOException {
    Headers request = exchange.getRequestHeaders();
    boolean gzip = acceptsGzip(request);
    request.remove("Accept-Encoding");
    if (gzip) {
      request.set("Accept-Encoding", GZIP);
    }
    request.set("Accept", type);
    page.handle(exchange);
  }

  private static Optional<String> type(List<String> types, Headers request) {
    List<Preference> preferences = Preference.of(request, "Accept");
    List<Offer> offers = new ArrayList<>();
    types.forEach(type -> offer(type, preferences).ifPresent(offers::add));
    boolean unwanted =
        offers.stream()
            .anyMatch(
                each -> each.type().equals(types.getFirst()) && !each.preference().isWanted());
    // The first of those that are equal.
    return offers.stream()
        .filter(each -> each.preference().isWanted())
        .sorted(
            Comparator.comparingDouble((Offer each) -> -each.preference().weight())
                .thenComparingInt(each -> -each.precision())
                .thenComparingInt(each -> each.preference().place()))
        .findFirst()
        .map(Offer::header)
        .or(() -> unwanted ? Optional.empty() : Optional.of(types.getFirst()));
  }

  /** The preference that names the type most precisely. */
  private static Optional<Offer> offer(String type, List<Preference> preferences) {
    Preference wanted = Preference.of(type, 0);
    return preferences.stream()
        .map(each -> new Offer(type, each, each.precision(wanted)))
        .filter(each -> each.precision() >= 0)
        .max(
            Comparator.comparingInt(Offer::precision)
                .thenComparingInt(each -> -each.preference().place()));
  }

  /** Whether a client takes what is compressed by gzip. */
  static boolean acceptsGzip(Headers request) {
    return offer(GZIP, Preference.of(request, "Accept-Encoding"))
        .filter(each -> each.preference().isWanted())
        .isPresent();
  }
}
