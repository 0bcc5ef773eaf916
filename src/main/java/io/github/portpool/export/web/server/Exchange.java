package io.github.portpool.export.web.server;

import com.sun.net.httpserver.Headers;
import com.sun.net.httpserver.HttpContext;
import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpPrincipal;
import java.io.ByteArrayOutputStream;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetSocketAddress;
import java.net.URI;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A request and the answer to it, which stays in memory until it is whole, so that a page that
 * fails half-way leaves no half answer.
 *
 * <p>To the page it is always a GET.
 */
final class Exchange extends HttpExchange {
  private static final int FIRST_BYTES = 32 * 1024;

  private final URI uri;
  private final Headers request;
  private final InetSocketAddress client;
  private final InetSocketAddress server;
  private final Headers response = new Headers();
  private final Map<String, Object> attributes = new HashMap<>();
  private final ByteArrayOutputStream body = new ByteArrayOutputStream(FIRST_BYTES);
  private int status = -1;

  Exchange(URI uri, Headers request, InetSocketAddress client, InetSocketAddress server) {
    this.uri = uri;
    this.request = request;
    this.client = client;
    this.server = server;
  }

  /** Forgets what it has of an answer. */
  void begin() {
    response.clear();
    body.reset();
    status = -1;
  }

  /** What the page has written. */
  byte[] body() {
    return body.toByteArray();
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
  public Headers getRequestHeaders() {
    return request;
  }

  @Override
  public Headers getResponseHeaders() {
    return response;
  }

  @Override
  public URI getRequestURI() {
    return uri;
  }

  @Override
  public InputStream getRequestBody() {
    return InputStream.nullInputStream();
  }

  @Override
  public InetSocketAddress getRemoteAddress() {
    return client;
  }

  @Override
  public InetSocketAddress getLocalAddress() {
    return server;
  }

  @Override
  public String getProtocol() {
    return "HTTP/1.1";
  }

  @Override
  public @Nullable Object getAttribute(String name) {
    return attributes.get(name);
  }

  @Override
  public void setAttribute(String name, Object value) {
    attributes.put(name, value);
  }

  @Override
  public void close() {
    // The connection is its own matter.
  }

  @Override
  public HttpContext getHttpContext() {
    throw new UnsupportedOperationException("a page has no context");
  }

  @Override
  public void setStreams(InputStream in, OutputStream out) {
    throw new UnsupportedOperationException("a page has no filters");
  }

  @Override
  public @Nullable HttpPrincipal getPrincipal() {
    return null;
  }
}
