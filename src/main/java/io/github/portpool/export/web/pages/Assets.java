package io.github.portpool.export.web.pages;

import com.sun.net.httpserver.HttpHandler;
import io.github.portpool.export.web.server.Page;
import io.github.portpool.export.web.server.WebPage;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.List;

/** The files that are part of the program: style, script, icon, the description of the API. */
public final class Assets {
  private static final int TAG_BYTES = 8;

  private Assets() {}

  /** A page for each of them; they tell nothing of this host. */
  public static List<WebPage> pages() {
    return List.of(
        WebPage.open("/assets/style.css", file("style.css", "text/css; charset=utf-8")),
        WebPage.open("/assets/page.js", file("page.js", "text/javascript; charset=utf-8")),
        WebPage.open("/assets/map.js", file("map.js", "text/javascript; charset=utf-8")),
        WebPage.open("/assets/icon.svg", file("icon.svg", "image/svg+xml")),
        WebPage.open("/api/v1/openapi.json", file("openapi.json", Page.JSON)));
  }

  private static HttpHandler file(String name, String contentType) {
    byte[] bytes = read(name);
    String tag = tag(bytes);
    return exchange -> {
      Page.header(exchange, "Cache-Control", "no-cache");
      if (!Page.isKnown(exchange, tag)) {
        Page.send(exchange, 200, contentType, bytes);
      }
    };
  }

  /** The bytes of a file that is part of the program. */
  static byte[] read(String name) {
    try (InputStream in = Assets.class.getResourceAsStream("/web/" + name)) {
      if (in == null) {
        throw new IllegalStateException("the program lacks its file web/" + name);
      }
      return in.readAllBytes();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static String tag(byte[] bytes) {
    try {
      byte[] digest = MessageDigest.getInstance("SHA-256").digest(bytes);
      return '"' + HexFormat.of().formatHex(digest, 0, TAG_BYTES) + '"';
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every Java has SHA-256", e);
    }
  }
}
