package io.github.portpool.export.web;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpHandler;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;

/**
 * The HTTP server: the same pages on each of its addresses.
 *
 * <p>Each request runs on a virtual thread, so that slow clients do not keep others waiting; how
 * long a request and its answer may take is limited.
 */
public final class WebServer implements AutoCloseable {
  private static final int BACKLOG = 128;
  private static final int STOP_SECONDS = 1;
  private static final List<String> METHODS = List.of("GET", "HEAD");

  static {
    // Read once by the JDK's server, in seconds; a user's own -D wins.
    for (Map.Entry<String, String> limit :
        Map.of(
                "sun.net.httpserver.maxReqTime", "10",
                "sun.net.httpserver.maxRspTime", "60",
                "sun.net.httpserver.nodelay", "true")
            .entrySet()) {
      if (System.getProperty(limit.getKey()) == null) {
        System.setProperty(limit.getKey(), limit.getValue());
      }
    }
  }

  private final List<HttpServer> servers = new ArrayList<>();
  private final ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();
  private final Map<String, HttpHandler> pages;

  private WebServer(Map<String, HttpHandler> pages) {
    this.pages = Map.copyOf(pages);
  }

  /**
   * Starts to serve.
   *
   * @param pages a handler for each path, which gets GET and HEAD requests for exactly that path
   * @throws ListenException when an address is taken or not allowed
   */
  public static WebServer start(List<ListenAddress> addresses, Map<String, HttpHandler> pages)
      throws ListenException {
    WebServer server = new WebServer(pages);
    for (ListenAddress address : addresses) {
      try {
        server.listen(address.socketAddress());
      } catch (IOException e) {
        server.close();
        throw new ListenException(
            "cannot listen on %s: %s; choose another with --web.listen-address"
                .formatted(address.text(), e.getMessage()),
            e);
      }
    }
    server.servers.forEach(HttpServer::start);
    return server;
  }

  private void listen(InetSocketAddress address) throws IOException {
    HttpServer server = HttpServer.create(address, BACKLOG);
    server.setExecutor(threads);
    server.createContext("/", this::serve);
    servers.add(server);
  }

  private void serve(HttpExchange exchange) throws IOException {
    try (exchange) {
      HttpHandler page = pages.get(exchange.getRequestURI().getPath());
      if (page == null) {
        Page.send(exchange, 404, Page.TEXT, "There is no such page; the list of pages is at /.\n");
      } else if (METHODS.contains(exchange.getRequestMethod())) {
        page.handle(exchange);
      } else {
        exchange.getResponseHeaders().put("Allow", List.of(String.join(", ", METHODS)));
        Page.send(exchange, 405, Page.TEXT, "Only GET and HEAD are served here.\n");
      }
    }
  }

  /** The addresses it listens on, with the port that was given out for port 0. */
  public Set<InetSocketAddress> addresses() {
    Set<InetSocketAddress> addresses = new LinkedHashSet<>();
    servers.forEach(server -> addresses.add(server.getAddress()));
    return addresses;
  }

  /** Stops; requests that are being answered have a second. */
  @Override
  public void close() {
    servers.forEach(server -> server.stop(STOP_SECONDS));
    threads.shutdownNow();
  }
}
