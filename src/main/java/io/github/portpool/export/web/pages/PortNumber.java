package io.github.portpool.export.web.pages;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpHandler;
import io.github.portpool.export.web.pages.Agent.PortQuestion;
import io.github.portpool.export.web.server.Page;
import io.github.portpool.export.web.server.WebPage;
import io.github.portpool.lookup.PortReport;
import io.github.portpool.table.PortSet;
import java.io.IOException;
import java.util.OptionalInt;
import java.util.function.Function;
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

  /** Answers what is on the port that ends the path. */
  static HttpHandler answering(
      PortQuestion question, String contentType, Function<PortReport, String> body) {
    return AskingPage.handler(exchange -> {
      OptionalInt port = parse(WebPage.name(exchange.getRequestURI().getPath()));
      if (port.isPresent()) {
        PortReport report = question.ask(port.getAsInt());
        Page.send(exchange, 200, contentType, body.apply(report));
      } else {
        refuse(exchange);
      }
    });
  }
}
