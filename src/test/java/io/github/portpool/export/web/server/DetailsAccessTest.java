package io.github.portpool.export.web.server;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.sun.net.httpserver.Headers;
import io.github.portpool.export.web.server.DetailsAccess.Clients;
import io.github.portpool.export.web.server.WebPage.Audience;
import java.net.InetAddress;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Each rule of who may see details. */
class DetailsAccessTest {
  private static final String OWN = "db1.example.org";

  /** Why a client is refused, with headers such as {@code Host: localhost}. */
  private static @Nullable String refusal(
      Clients clients, Audience audience, String client, String... headers) throws Exception {
    Headers all = new Headers();
    for (String header : headers) {
      String[] parts = header.split(": ", 2);
      all.add(parts[0], parts[1]);
    }
    return new DetailsAccess(clients, OWN::equals)
        .refusal(InetAddress.ofLiteral(client), all, audience);
  }

  private static void allowed(Clients clients, Audience audience, String... request)
      throws Exception {
    assertNull(refusal(clients, audience, "127.0.0.1", request), () -> List.of(request).toString());
  }

  private static void refused(String why, Clients clients, Audience audience, String... request)
      throws Exception {
    String refusal = refusal(clients, audience, "127.0.0.1", request);
    assertNotNull(refusal, () -> List.of(request).toString());
    assertTrue(refusal.startsWith(why), refusal);
    assertTrue(refusal.matches("[^.]*(: [^.]*(--web\\.details=all)?)?\\."), refusal);
  }

  @ParameterizedTest
  @ValueSource(strings = {"127.0.0.1", "127.1.2.3", "::1", "::ffff:127.0.0.1"})
  void clientsOnThisHostSeeDetails(String client) throws Exception {
    assertNull(refusal(Clients.LOOPBACK, Audience.DETAILS_PAGE, client, "Host: localhost"));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"10.0.0.1", "0.0.0.0", "::", "::2", "::ffff:10.0.0.1", "fe80::1", "128.0.0.1"})
  void othersDoOnlyWhenTheyAreLetIn(String client) throws Exception {
    String refusal = refusal(Clients.LOOPBACK, Audience.DETAILS_DATA, client, "Host: localhost");
    assertEquals(
        "This shows processes and addresses, to clients on this host alone: ask there, or through"
            + " a tunnel (ssh -L 10696:localhost:10696 HOST, then http://localhost:10696; with the"
            + " port that it listens on), or start portpool with --web.details=all.",
        refusal);
    assertNull(refusal(Clients.ALL, Audience.DETAILS_DATA, client, "Host: localhost"));
  }

  @Test
  void everybodySeesWhatIsForEverybody() throws Exception {
    assertNull(
        refusal(
            Clients.LOOPBACK,
            Audience.EVERYBODY,
            "10.0.0.1",
            "Host: evil.example",
            "Sec-Fetch-Site: cross-site",
            "Origin: http://evil.example",
            "Via: 1.1 proxy"));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "Forwarded",
        "X-Forwarded-For",
        "X-Real-IP",
        "Via",
        "x-forwarded-for",
        "X-Forwarded-Host",
        "CF-Connecting-IP",
        "True-Client-IP"
      })
  void aProxyHidesWhoAsks(String header) throws Exception {
    String[] request = {"Host: localhost", header + ": 127.0.0.1"};
    refused("This shows", Clients.LOOPBACK, Audience.DETAILS_PAGE, request);
    allowed(Clients.ALL, Audience.DETAILS_PAGE, request);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "localhost",
        "localhost:10696",
        "LOCALHOST.",
        "portpool.localhost:80",
        "127.0.0.1:10696",
        "192.0.2.7",
        "[::1]:10696",
        "[2001:db8::7]",
        OWN,
        "DB1.Example.org.:10696"
      })
  void namesOfThisHostAreKnown(String host) throws Exception {
    for (Clients clients : Clients.values()) {
      allowed(clients, Audience.DETAILS_DATA, "Host: " + host);
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "evil.example",
        "localhost.evil.example",
        "xlocalhost",
        "127.0.0.1.evil.example",
        "127.0.0.1:80@evil.example",
        "db1.example.org.evil.example",
        "db1",
        "localhost:",
        "[::1",
        "[localhost]",
        "evil.example:127",
        "",
        " ",
        "localhost evil",
        "localhost,evil",
        "0x7f.1"
      })
  void othersAreRefusedToAll(String host) throws Exception {
    for (Clients clients : Clients.values()) {
      refused("The Host header", clients, Audience.DETAILS_DATA, "Host: " + host);
    }
  }

  @Test
  void oneHostIsNamed() throws Exception {
    refused("The Host header", Clients.ALL, Audience.DETAILS_PAGE);
    refused(
        "The Host header",
        Clients.ALL,
        Audience.DETAILS_PAGE,
        "Host: localhost",
        "Host: localhost");
  }

  @ParameterizedTest
  @CsvSource({
    "same-origin, cors, empty, true, true",
    "none, navigate, document, true, true",
    "cross-site, no-cors, image, false, false",
    "cross-site, no-cors, script, false, false",
    "cross-site, cors, empty, false, false",
    "same-site, cors, empty, false, false",
    "future-site, cors, empty, false, false",
    "cross-site, navigate, iframe, false, false",
    "cross-site, navigate, object, false, false",
    "cross-site, navigate, document, true, false",
    "same-site, navigate, document, true, false",
  })
  void otherSitesMayOnlyLinkToPages(
      String site, String mode, String destination, boolean page, boolean data) throws Exception {
    String[] request = {
      "Host: localhost",
      "Sec-Fetch-Site: " + site,
      "Sec-Fetch-Mode: " + mode,
      "Sec-Fetch-Dest: " + destination
    };
    for (Clients clients : Clients.values()) {
      if (page) {
        allowed(clients, Audience.DETAILS_PAGE, request);
      } else {
        refused("A page of another site", clients, Audience.DETAILS_PAGE, request);
      }
      if (data) {
        allowed(clients, Audience.DETAILS_DATA, request);
      } else {
        refused("A page of another site", clients, Audience.DETAILS_DATA, request);
      }
    }
  }

  @ParameterizedTest
  @EnumSource(Clients.class)
  void theOriginIsOurOwn(Clients clients) throws Exception {
    String host = "Host: localhost:10696";
    allowed(clients, Audience.DETAILS_DATA, host, "Origin: http://localhost:10696");
    allowed(clients, Audience.DETAILS_DATA, host, "Origin: https://localhost:10696");
    for (String origin :
        List.of("null", "http://localhost", "http://127.0.0.1:10696", "http://evil.example", "")) {
      refused(
          "A page of another origin", clients, Audience.DETAILS_DATA, host, "Origin: " + origin);
    }
  }
}
