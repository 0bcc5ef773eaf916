package io.github.portpool.export.web;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpHandler;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.lang.System.Logger.Level;
import java.net.InetSocketAddress;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import org.jspecify.annotations.Nullable;

/**
 * The HTTP server: the same pages on each of its addresses.
 *
 * <p>Each request has a virtual thread, so that slow clients do not keep others waiting, and how
 * long a request and its answer may take is limited. Pages are rendered by a few platform threads:
 * on a virtual one the JDK's writers begin with small buffers, which made a scrape three times as
 * dear.
 */
public final class WebServer implements AutoCloseable {
  private static final List<String> METHODS = List.of("GET", "HEAD");
  private static final int BACKLOG = 128;
  private static final int STOP_SECONDS = 1;
  private static final int RENDERERS = 2;
  private static final System.Logger LOG = System.getLogger(WebServer.class.getName());

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
  private final ExecutorService renderers =
      Executors.newFixedThreadPool(
          RENDERERS, Thread.ofPlatform().daemon().name("portpool-page-", 0).factory());
  private final Map<String, HttpHandler> pages;

  private WebServer(Map<String, HttpHandler> pages) {
    this.pages = Map.copyOf(pages);
  }

  /**
   * Starts to serve.
   *
   * @param pages a handler for each path, which gets GET requests for exactly that path
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
      answer(exchange).send();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private RenderedExchange answer(HttpExchange exchange) throws IOException, InterruptedException {
    RenderedExchange answer = new RenderedExchange(exchange);
    HttpHandler page = pages.get(exchange.getRequestURI().getPath());
    if (page == null) {
      Page.send(answer, 404, Page.TEXT, "There is no such page; the list of pages is at /.\n");
    } else if (!METHODS.contains(exchange.getRequestMethod())) {
      answer.getResponseHeaders().put("Allow", METHODS);
      Page.send(answer, 405, Page.TEXT, "Only GET and HEAD are served here.\n");
    } else {
      try {
        renderers.submit(() -> render(page, answer)).get();
      } catch (ExecutionException e) {
        LOG.log(Level.WARNING, "a page failed, please report it", e.getCause());
        return failure(exchange);
      }
    }
    return answer;
  }

  private static @Nullable Void render(HttpHandler page, RenderedExchange answer)
      throws IOException {
    page.handle(answer);
    return null;
  }

  private static RenderedExchange failure(HttpExchange exchange) throws IOException {
    RenderedExchange answer = new RenderedExchange(exchange);
    answer.getResponseHeaders().clear();
    Page.send(answer, 500, Page.TEXT, "The page failed; the reason is in the log.\n");
    return answer;
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
    renderers.shutdownNow();
  }
}
