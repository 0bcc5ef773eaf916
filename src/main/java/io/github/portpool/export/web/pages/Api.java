package io.github.portpool.export.web.pages;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpHandler;
import io.github.portpool.export.json.PortJson;
import io.github.portpool.export.json.SnapshotJson;
import io.github.portpool.export.json.VerdictJson;
import io.github.portpool.export.web.server.Page;
import io.github.portpool.export.web.server.WebPage;
import io.github.portpool.lookup.LookupException;
import io.github.portpool.sample.PortMap;
import io.github.portpool.table.EphemeralPorts;
import java.io.IOException;
import java.util.List;
import java.util.function.Supplier;

/** The API for programs, {@code /api/v1/}; {@code openapi.json} describes it. */
public final class Api {
  private static final int IN_LIVE_RANGE = 0x08;
  private static final int RESERVED = 0x80;

  private Api() {}

  /** Its pages. */
  public static List<WebPage> pages(Agent agent) {
    return List.of(
        json("snapshot", () -> SnapshotJson.of(agent.report().get())),
        json("verdict", () -> VerdictJson.of(agent.report().get())),
        WebPage.data(path("check"), CheckPage.of(agent.report(), agent.netns())),
        json("destinations", () -> SnapshotJson.destinations(agent.report().get())),
        json("listeners", () -> SnapshotJson.listeners(agent.report().get())),
        json("history", () -> SnapshotJson.history(agent.trend().get())),
        WebPage.data(path("map"), AskingPage.handler(exchange -> map(exchange, agent))).waiting(),
        WebPage.data(
                path("ports/*"),
                PortNumber.answering((exchange, port) -> port(exchange, port, agent)))
            .waiting());
  }

  private static WebPage json(String name, Supplier<String> body) {
    HttpHandler handler = exchange -> Page.send(exchange, 200, Page.JSON, body.get());
    return WebPage.data(path(name), handler);
  }

  private static String path(String name) {
    return "/api/v1/" + name;
  }

  private static void port(HttpExchange exchange, int port, Agent agent)
      throws IOException, LookupException, InterruptedException {
    Page.send(exchange, 200, Page.JSON, PortJson.of(agent.ports().ask(port)));
  }

  private static void map(HttpExchange exchange, Agent agent)
      throws IOException, LookupException, InterruptedException {
    PortMap map = agent.map().ask();
    Page.header(exchange, "Cache-Control", "no-store");
    if (!Page.isKnown(exchange, "W/\"" + map.time() + "\"")) {
      Page.sendCompressed(exchange, "application/octet-stream", bytes(map));
    }
  }

  /** A byte for each port: what is on it, and whether it may be given to a client. */
  private static byte[] bytes(PortMap map) {
    EphemeralPorts range = map.range();
    byte[] bytes = map.bytes();
    for (int port = range.first(); port <= range.last(); port++) {
      bytes[port] |= (byte) (range.allocates(port) ? IN_LIVE_RANGE : IN_LIVE_RANGE | RESERVED);
    }
    return bytes;
  }
}
