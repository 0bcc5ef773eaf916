package io.github.portpool.export.web.pages;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpHandler;
import io.github.portpool.export.web.server.Page;
import io.github.portpool.export.web.server.WebPage;
import io.github.portpool.lookup.LookupException;
import io.github.portpool.table.PortSet;
import java.io.IOException;
import java.util.OptionalInt;
import java.util.regex.Pattern;

/** The port in a path or in a form. */
final class PortNumber {
  private static final Pattern FORM = Pattern.compile("[1-9][0-9]{0,4}");

  private PortNumber() {}

  /** A decimal number from 1 to 65535 without leading zeros. */
  static OptionalInt parse(String text) {
    int port = FORM.matcher(text).matches() ? Integer.parseInt(text) : PortSet.PORTS;
    return port < PortSet.PORTS ? OptionalInt.of(port) : OptionalInt.empty();
  }

  /** Says that there is no such port. */
  static void refuse(HttpExchange exchange) throws IOException {
    Page.send(
        exchange, 404, Page.TEXT, "There is no such port: a port is a number from 1 to 65535.\n");
  }

  /** Answers about a port. */
  @FunctionalInterface
  interface PortHandler {
    void answer(HttpExchange exchange, int port)
        throws IOException, LookupException, InterruptedException;
  }

  /** Answers about the port that ends the path. */
  static HttpHandler answering(PortHandler handler) {
    return AskingPage.handler(exchange -> {
      OptionalInt port = parse(WebPage.name(exchange.getRequestURI().getPath()));
      if (port.isPresent()) {
        handler.answer(exchange, port.getAsInt());
      } else {
        refuse(exchange);
      }
    });
  }
}
