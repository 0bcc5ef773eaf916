package io.github.portpool.export.web.pages;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpHandler;
import io.github.portpool.export.web.server.Page;
import io.github.portpool.lookup.LookupException;
import java.io.IOException;

/** A page that asks the agent and waits for its answer. */
@FunctionalInterface
interface AskingPage {
  /** Answers, or fails with why the agent does not. */
  void answer(HttpExchange exchange) throws IOException, LookupException, InterruptedException;

  /** The handler of such a page: where the agent has no answer, it says why. */
  static HttpHandler handler(AskingPage page) {
    return exchange -> {
      try {
        page.answer(exchange);
      } catch (LookupException e) {
        if (e.retrySeconds() > 0) {
          Page.header(exchange, "Retry-After", String.valueOf(e.retrySeconds()));
        }
        refuse(exchange, e.message());
      } catch (InterruptedException e) {
        refuse(exchange, "the agent is stopping");
        Thread.currentThread().interrupt();
      }
    };
  }

  private static void refuse(HttpExchange exchange, String sentence) throws IOException {
    Page.send(exchange, 503, Page.TEXT, "There is no answer now: " + sentence + ".\n");
  }
}
