package io.github.portpool.export.web.server;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpHandler;

/**
 * A page of the server.
 *
 * @param path its exact path; one that ends with {@code /*} stands for every name in that place
 * @param audience who may see it
 * @param waits whether its handler may wait for long, for what others do
 * @param handler gets GET requests of those who may see it
 */
public record WebPage(String path, Audience audience, boolean waits, HttpHandler handler) {
  private static final String ANY = "*";
  private static final String DETAILS = "details";

  /** Who may see a page. */
  public enum Audience {
    /** Whoever reaches the server, which is the listen address's matter. */
    EVERYBODY,
    /** Those whom {@link DetailsAccess} lets see details; other sites may link to it. */
    DETAILS_PAGE,
    /** Those whom {@link DetailsAccess} lets see details; it is for scripts and programs. */
    DETAILS_DATA
  }

  /** A page for everybody. */
  public static WebPage open(String path, HttpHandler handler) {
    return new WebPage(path, Audience.EVERYBODY, false, handler);
  }

  /** A page for people that shows processes and addresses. */
  public static WebPage details(String path, HttpHandler handler) {
    return new WebPage(path, Audience.DETAILS_PAGE, false, handler);
  }

  /** An answer for programs that shows processes and addresses. */
  public static WebPage data(String path, HttpHandler handler) {
    return new WebPage(path, Audience.DETAILS_DATA, false, handler);
  }

  /** The same page with a handler that may wait for long. */
  public WebPage waiting() {
    return new WebPage(path, audience, true, handler);
  }

  /** Says of a request that whoever asks may see details. */
  static void showDetails(HttpExchange exchange) {
    exchange.setAttribute(DETAILS, true);
  }

  /** Whether whoever asks may see details, also on a page for everybody. */
  public static boolean mayShowDetails(HttpExchange exchange) {
    return exchange.getAttribute(DETAILS) != null;
  }

  /** The path with any name in place of its last. */
  static String withAnyName(String path) {
    return path.substring(0, path.lastIndexOf('/') + 1) + ANY;
  }

  /** The last name of a path. */
  public static String name(String path) {
    return path.substring(path.lastIndexOf('/') + 1);
  }
}
