package io.github.portpool.export.web.server;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpHandler;
import com.sun.net.httpserver.HttpServer;
import com.sun.net.httpserver.HttpsConfigurator;
import com.sun.net.httpserver.HttpsServer;
import io.github.portpool.export.web.config.BasicAuth.Verdict;
import io.github.portpool.export.web.config.LiveWebConfig;
import io.github.portpool.host.Trouble;
import java.io.IOException;
import java.lang.System.Logger.Level;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.RejectedExecutionException;
import org.jspecify.annotations.Nullable;

/**
 * The HTTP server: the same pages on each of its addresses.
 *
 * <p>Each request has a virtual thread, so that slow clients do not keep others waiting, and how
 * long a request and its answer may take is limited. Pages are rendered by a few platform threads:
 * on a virtual one the JDK's writers begin with small buffers, which made a scrape three times as
 * expensive. Only a page that may wait for others is rendered on the virtual thread of its request.
 */
public final class WebServer implements AutoCloseable {
  private static final List<String> METHODS = List.of("GET", "HEAD");
  private static final int BACKLOG = 128;
  private static final int STOP_SECONDS = 1;
  private static final int RENDERERS = 2;

  /** In bytes, of all that comes before a body. */
  private static final int HEADERS = 32 * 1024;

  private static final System.Logger LOG = System.getLogger(WebServer.class.getName());

  static {
    // Read once by the JDK's server, times in seconds but for how often it looks at them; a user's
    // own -D wins.
    Map.of(
            "sun.net.httpserver.maxReqTime", "10",
            "sun.net.httpserver.maxRspTime", "20",
            "sun.net.httpserver.timerMillis", "2500",
            "sun.net.httpserver.maxReqHeaderSize", String.valueOf(HEADERS),
            "sun.net.httpserver.nodelay", "true")
        .forEach(WebServer::setUnlessSet);
  }

  private static void setUnlessSet(String property, String value) {
    if (System.getProperty(property) == null) {
      System.setProperty(property, value);
    }
  }

  private final List<HttpServer> servers = new ArrayList<>();
  private final ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();
  private final ExecutorService renderers =
      Executors.newFixedThreadPool(
          RENDERERS, Thread.ofPlatform().daemon().name("portpool-page-", 0).factory());
  private final AnswerSlots slots = new AnswerSlots();
  private final LiveWebConfig config;
  private final DetailsAccess access;
  private final Map<String, WebPage> pages = new HashMap<>();

  private WebServer(LiveWebConfig config, List<WebPage> pages, DetailsAccess access) {
    this.config = config;
    this.access = access;
    pages.forEach(page -> this.pages.put(page.path(), page));
  }

  /**
   * Starts to serve.
   *
   * @param connections how many clients may be connected to one address; more are closed at once
   * @param config TLS, users and headers
   * @param pages its pages; of two with the same path the later one counts
   * @param access who may see those with details
   * @throws ListenException when an address is taken or not allowed
   */
  public static WebServer start(
      List<ListenAddress> addresses,
      int connections,
      LiveWebConfig config,
      List<WebPage> pages,
      DetailsAccess access)
      throws ListenException {
    setUnlessSet("jdk.httpserver.maxConnections", String.valueOf(connections));
    WebServer server = new WebServer(config, pages, access);
    for (ListenAddress address : addresses) {
      try {
        server.listen(address.socketAddress());
      } catch (IOException e) {
        server.close();
        throw new ListenException(
            "cannot listen on %s: %s; choose another with --web.listen-address"
                .formatted(address.text(), Trouble.reason(e)),
            e);
      }
    }
    server.servers.forEach(HttpServer::start);
    return server;
  }

  private void listen(InetSocketAddress address) throws IOException {
    HttpServer server = create(address, config.https());
    server.setExecutor(threads);
    server.createContext("/", this::serve);
    servers.add(server);
  }

  private static HttpServer create(InetSocketAddress address, @Nullable HttpsConfigurator https)
      throws IOException {
    if (https == null) {
      return HttpServer.create(address, BACKLOG);
    }
    HttpsServer server = HttpsServer.create(address, BACKLOG);
    server.setHttpsConfigurator(https);
    return server;
  }

  private void serve(HttpExchange exchange) throws IOException {
    InetAddress client = exchange.getRemoteAddress().getAddress();
    try (exchange) {
      if (!slots.take(client)) {
        busy(begin(exchange)).send();
        return;
      }
      try {
        answer(exchange).send();
      } finally {
        slots.giveBack(client);
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private static RenderedExchange busy(RenderedExchange answer) throws IOException {
    Page.header(answer, "Retry-After", "1");
    Page.send(answer, 503, Page.TEXT, "Too many requests at once: ask again.\n");
    return answer;
  }

  private RenderedExchange answer(HttpExchange exchange) throws IOException, InterruptedException {
    RenderedExchange answer = begin(exchange);
    InetAddress client = exchange.getRemoteAddress().getAddress();
    Verdict verdict = config.authenticate(client, exchange.getRequestHeaders());
    if (verdict == Verdict.REFUSED) {
      Page.header(answer, "WWW-Authenticate", "Basic realm=\"portpool\", charset=\"UTF-8\"");
      Page.send(answer, 401, Page.TEXT, "This needs a user and a password.\n");
      return answer;
    }
    if (verdict == Verdict.BUSY) {
      return busy(answer);
    }
    WebPage page = find(exchange.getRequestURI().getPath());
    if (page == null) {
      Page.send(answer, 404, Page.TEXT, "There is no such page; the list of pages is at /.\n");
      return answer;
    }
    if (!METHODS.contains(exchange.getRequestMethod())) {
      answer.getResponseHeaders().put("Allow", METHODS);
      Page.send(answer, 405, Page.TEXT, "Only GET and HEAD are served here.\n");
      return answer;
    }
    String refusal = access.refusal(client, exchange.getRequestHeaders(), page.audience());
    if (refusal != null) {
      Page.send(answer, 403, Page.TEXT, refusal + "\n");
      return answer;
    }
    return rendered(page, answer) ? answer : failure(exchange);
  }

  private @Nullable WebPage find(@Nullable String path) {
    if (path == null) {
      return null; // of a URI such as foo:bar
    }
    WebPage page = pages.get(path);
    return page != null ? page : pages.get(WebPage.withAnyName(path));
  }

  private boolean rendered(WebPage page, RenderedExchange answer) throws InterruptedException {
    try {
      if (page.waits()) {
        page.handler().handle(answer);
      } else {
        renderers.submit(() -> render(page.handler(), answer)).get();
      }
      return true;
    } catch (ExecutionException e) {
      LOG.log(Level.WARNING, "a page failed, please report it", e.getCause());
    } catch (RejectedExecutionException e) {
      return false; // it is being closed
    } catch (IOException | RuntimeException e) {
      LOG.log(Level.WARNING, "a page failed, please report it", e);
    }
    return false;
  }

  private static @Nullable Void render(HttpHandler page, RenderedExchange answer)
      throws IOException {
    page.handle(answer);
    return null;
  }

  private RenderedExchange begin(HttpExchange exchange) {
    RenderedExchange answer = new RenderedExchange(exchange);
    SecurityHeaders.set(answer.getResponseHeaders(), config.headers());
    return answer;
  }

  private RenderedExchange failure(HttpExchange exchange) throws IOException {
    exchange.getResponseHeaders().clear();
    RenderedExchange answer = begin(exchange);
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
