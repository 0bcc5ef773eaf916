package io.github.portpool.export.web.server;

import com.sun.net.httpserver.Headers;
import com.sun.net.httpserver.HttpContext;
import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpPrincipal;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetSocketAddress;
import java.net.URI;
import org.jspecify.annotations.Nullable;

/**
 * An exchange whose answer stays in memory until it is {@linkplain #send sent}, so that a page can
 * be rendered by one thread and sent by another, and a page that fails half-way leaves no half
 * answer.
 *
 * <p>To the page it is always a GET.
 */
final class RenderedExchange extends HttpExchange {
  private static final int NO_BODY = -1;
  private static final int NOT_MODIFIED = 304;
  private static final int FIRST_BYTES = 32 * 1024;

  private final HttpExchange exchange;
  private final ByteArrayOutputStream body = new ByteArrayOutputStream(FIRST_BYTES);
  private int status = NO_BODY;

  RenderedExchange(HttpExchange exchange) {
    this.exchange = exchange;
  }

  /** Sends what was rendered; of an answer to HEAD its headers alone. */
  void send() throws IOException {
    if (exchange.getRequestMethod().equals("HEAD")) {
      if (status != NOT_MODIFIED) { // whose length would be that of the page: RFC 9110, 8.6
        getResponseHeaders().set("Content-Length", String.valueOf(body.size()));
      }
      exchange.sendResponseHeaders(status, NO_BODY);
    } else {
      exchange.sendResponseHeaders(status, body.size() == 0 ? NO_BODY : body.size());
      body.writeTo(exchange.getResponseBody());
    }
  }

  @Override
  public void sendResponseHeaders(int code, long length) {
    status = code;
  }

  @Override
  public OutputStream getResponseBody() {
    return body;
  }

  @Override
  public int getResponseCode() {
    return status;
  }

  @Override
  public String getRequestMethod() {
    return "GET";
  }

  @Override
  public void close() {
    // The exchange is closed by whoever sends.
  }

  @Override
  public void setStreams(InputStream in, OutputStream out) {
    throw new UnsupportedOperationException("a page has no filters");
  }

  @Override
  public Headers getRequestHeaders() {
    return exchange.getRequestHeaders();
  }

  @Override
  public Headers getResponseHeaders() {
    return exchange.getResponseHeaders();
  }

  @Override
  public URI getRequestURI() {
    return exchange.getRequestURI();
  }

  @Override
  public HttpContext getHttpContext() {
    return exchange.getHttpContext();
  }

  @Override
  public InputStream getRequestBody() {
    return exchange.getRequestBody();
  }

  @Override
  public InetSocketAddress getRemoteAddress() {
    return exchange.getRemoteAddress();
  }

  @Override
  public InetSocketAddress getLocalAddress() {
    return exchange.getLocalAddress();
  }

  @Override
  public String getProtocol() {
    return exchange.getProtocol();
  }

  @Override
  public @Nullable Object getAttribute(String name) {
    return exchange.getAttribute(name);
  }

  @Override
  public void setAttribute(String name, Object value) {
    exchange.setAttribute(name, value);
  }

  @Override
  public @Nullable HttpPrincipal getPrincipal() {
    return exchange.getPrincipal();
  }
}
