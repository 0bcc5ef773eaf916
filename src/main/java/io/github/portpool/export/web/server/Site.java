package io.github.portpool.export.web.server;

import io.github.portpool.export.web.config.BasicAuth.Verdict;
import io.github.portpool.export.web.config.LiveWebConfig;
import io.github.portpool.export.web.server.WebPage.Audience;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.System.Logger.Level;
import java.net.InetAddress;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.SynchronousQueue;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import javax.net.ssl.SSLEngine;
import org.jspecify.annotations.Nullable;

/** The pages, and who gets which. Thread-safe. */
final class Site implements AutoCloseable {
  private static final List<String> METHODS = List.of("GET", "HEAD");
  private static final int MOST_WAITING = 16;
  private static final long IDLE_SECONDS = 10;
  private static final System.Logger LOG = System.getLogger(WebServer.class.getName());

  private final LiveWebConfig config;
  private final DetailsAccess access;
  private final Map<String, WebPage> pages = new HashMap<>();

  /** Threads of pages that wait; there are none while nobody asks for such a page. */
  private final ThreadPoolExecutor waiting =
      new ThreadPoolExecutor(
          0,
          MOST_WAITING,
          IDLE_SECONDS,
          TimeUnit.SECONDS,
          new SynchronousQueue<>(),
          Thread.ofPlatform().daemon().name("portpool-page-", 0).factory());

  Site(LiveWebConfig config, List<WebPage> pages, DetailsAccess access) {
    this.config = config;
    this.access = access;
    pages.forEach(page -> this.pages.put(page.path(), page));
  }

  /** What speaks TLS with a client, or null where HTTP is plain. */
  @Nullable SSLEngine engine() {
    return config.engine();
  }

  /** Whether a request may be answered. */
  CompletableFuture<Verdict> authenticate(Exchange exchange) {
    return config.authenticate(client(exchange), exchange.getRequestHeaders());
  }

  private static InetAddress client(Exchange exchange) {
    return exchange.getRemoteAddress().getAddress();
  }

  /** Answers a request, and completes when the answer is there. */
  CompletableFuture<?> answer(Exchange exchange, String method, Verdict verdict) {
    begin(exchange);
    if (verdict == Verdict.REFUSED) {
      Page.header(exchange, "WWW-Authenticate", "Basic realm=\"portpool\", charset=\"UTF-8\"");
      return refuse(exchange, 401, "This needs a user and a password.");
    }
    if (verdict == Verdict.BUSY) {
      return busy(exchange);
    }
    WebPage page = find(exchange.getRequestURI().getPath());
    if (page == null) {
      return refuse(exchange, 404, "There is no such page; the list of pages is at /.");
    }
    if (!METHODS.contains(method)) {
      Page.header(exchange, "Allow", String.join(", ", METHODS));
      return refuse(exchange, 405, "Only GET and HEAD are served here.");
    }
    String refusal =
        access.refusal(client(exchange), exchange.getRequestHeaders(), page.audience());
    if (refusal != null) {
      return refuse(exchange, 403, refusal);
    }
    if (mayShowDetails(exchange, page)) {
      WebPage.showDetails(exchange);
    }
    if (!page.waits()) {
      render(page, exchange);
      return CompletableFuture.completedFuture(null);
    }
    try {
      return CompletableFuture.runAsync(() -> render(page, exchange), waiting);
    } catch (RejectedExecutionException e) {
      return busy(exchange);
    }
  }

  private boolean mayShowDetails(Exchange exchange, WebPage page) {
    return page.audience() != Audience.EVERYBODY
        || access.refusal(client(exchange), exchange.getRequestHeaders(), Audience.DETAILS_PAGE)
            == null;
  }

  private @Nullable WebPage find(@Nullable String path) {
    if (path == null) {
      return null; // of a URI such as foo:bar
    }
    WebPage page = pages.get(path);
    return page != null ? page : pages.get(WebPage.withAnyName(path));
  }

  private static CompletableFuture<?> busy(Exchange exchange) {
    Page.header(exchange, "Retry-After", "1");
    return refuse(exchange, 503, "Too many requests at once: ask again.");
  }

  private static CompletableFuture<?> refuse(Exchange exchange, int status, String sentence) {
    say(exchange, status, sentence);
    return CompletableFuture.completedFuture(null);
  }

  private static void say(Exchange exchange, int status, String sentence) {
    try {
      Page.send(exchange, status, Page.TEXT, sentence + "\n");
    } catch (IOException e) {
      throw new UncheckedIOException(e); // there is nobody yet who reads it
    }
  }

  /** Answers what is no request. */
  void refuse(Exchange exchange, MalformedRequestException reason) {
    begin(exchange);
    say(exchange, reason.status(), reason.sentence());
  }

  private void render(WebPage page, Exchange exchange) {
    try {
      page.handler().handle(exchange);
    } catch (IOException | RuntimeException e) {
      LOG.log(Level.WARNING, "a page failed, please report it", e);
      begin(exchange);
      say(exchange, 500, "The page failed; the reason is in the log.");
    }
  }

  private void begin(Exchange exchange) {
    exchange.begin();
    SecurityHeaders.set(exchange.getResponseHeaders(), config.headers());
  }

  @Override
  public void close() {
    waiting.shutdownNow();
  }
}
