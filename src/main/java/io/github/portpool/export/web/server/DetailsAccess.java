package io.github.portpool.export.web.server;

import com.sun.net.httpserver.Headers;
import io.github.portpool.export.web.server.WebPage.Audience;
import java.net.InetAddress;
import java.util.List;
import java.util.Locale;
import java.util.function.Predicate;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Who may see the pages that show processes and addresses.
 *
 * <p>Three strangers are kept out: clients on other hosts, unless they are let in; sites that have
 * a name of theirs point to this host, so that a browser here takes the answer for theirs (DNS
 * rebinding); and pages of other sites that have a browser here ask (Fetch Metadata, Origin).
 */
public final class DetailsAccess {
  /** Which clients may see details. */
  public enum Clients {
    /** Those on this host. */
    LOOPBACK,
    /** All that reach the server. */
    ALL
  }

  /** The headers, or their beginnings, by which proxies say for whom they ask; there is no list. */
  private static final List<String> SIGNS_OF_A_PROXY =
      List.of(
          "Forwarded", "X-Forwarded-", "X-Original-", "X-Real-Ip", "Via", "Cf-", "True-Client-Ip");

  private static final Pattern HOST =
      Pattern.compile(
          "(?:(?<literal>\\[[0-9a-f:.]+]|\\d{1,3}(?:\\.\\d{1,3}){3})|(?<name>[a-z0-9._-]+?)\\.?)(?::\\d{1,5})?");

  private final Clients clients;
  private final Predicate<String> ownName;

  /**
   * Rules.
   *
   * @param ownName whether a name in lower case is one of this host's own
   */
  public DetailsAccess(Clients clients, Predicate<String> ownName) {
    this.clients = clients;
    this.ownName = ownName;
  }

  /** Why a request is refused, one sentence that names the cure, or null when it is not. */
  @Nullable String refusal(InetAddress client, Headers headers, Audience audience) {
    if (audience == Audience.EVERYBODY) {
      return null;
    }
    if (clients == Clients.LOOPBACK) {
      if (!client.isLoopbackAddress()) {
        return "This shows processes and addresses, to clients on this host alone: ask there, or"
            + " through a tunnel (ssh -L 10696:localhost:10696 HOST, then http://localhost:10696;"
            + " with the port that it listens on), or start portpool with --web.details=all.";
      }
      if (headers.keySet().stream().anyMatch(DetailsAccess::isSignOfAProxy)) {
        return "This shows processes and addresses, to clients on this host alone, and a proxy"
            + " hides whose request this is: ask without it, or start portpool with"
            + " --web.details=all.";
      }
    }
    String host = only(headers, "Host");
    if (host == null || !isOurs(host)) {
      return "The Host header names no address and no name of this host, as when another site's"
          + " name is made to lead here: ask by address, as localhost or by this host's name.";
    }
    if (isCrossSite(headers, audience)) {
      return "A page of another site asked for this: open it in a window of its own.";
    }
    if (headers.containsKey("Origin") && !isOwnOrigin(only(headers, "Origin"), host)) {
      return "A page of another origin asked for this: ask from portpool's own pages, or without"
          + " an Origin header.";
    }
    return null;
  }

  /** By a name as {@link Headers} normalizes it: {@code X-forwarded-for}. */
  private static boolean isSignOfAProxy(String header) {
    return SIGNS_OF_A_PROXY.stream()
        .anyMatch(sign -> header.regionMatches(true, 0, sign, 0, sign.length()));
  }

  private boolean isOurs(String host) {
    Matcher matcher = HOST.matcher(host.toLowerCase(Locale.ROOT));
    if (!matcher.matches()) {
      return false;
    }
    String name = matcher.group("name");
    return name == null
        || name.equals("localhost")
        || name.endsWith(".localhost")
        || ownName.test(name);
  }

  /** By https://www.w3.org/TR/fetch-metadata/: a link that is followed in a window is welcome. */
  private static boolean isCrossSite(Headers headers, Audience audience) {
    String site = headers.getFirst("Sec-Fetch-Site");
    boolean followed =
        audience == Audience.DETAILS_PAGE
            && "navigate".equals(headers.getFirst("Sec-Fetch-Mode"))
            && "document".equals(headers.getFirst("Sec-Fetch-Dest"));
    return site != null && !site.equals("same-origin") && !site.equals("none") && !followed;
  }

  private static boolean isOwnOrigin(@Nullable String origin, String host) {
    return ("http://" + host).equalsIgnoreCase(origin)
        || ("https://" + host).equalsIgnoreCase(origin);
  }

  /** The one value of a header, null where there is none and where there are several. */
  private static @Nullable String only(Headers headers, String name) {
    List<String> values = headers.get(name);
    return values == null || values.size() != 1 ? null : values.getFirst();
  }
}
