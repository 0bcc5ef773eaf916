package io.github.portpool.export.web.server;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.sun.net.httpserver.Headers;
import io.github.portpool.export.prometheus.MetricsEndpoint;
import java.net.InetSocketAddress;
import java.net.URI;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Which type a client gets; as of Prometheus, in its versions, and of others that say more. */
class NegotiationTest {
  private static final String TEXT = "text/plain";
  private static final String OPEN = "application/openmetrics-text";
  private static final String PROTOBUF = "application/vnd.google.protobuf";
  private static final List<String> TYPES = MetricsEndpoint.TYPES;

  private final List<String> accepts = new ArrayList<>();
  private final List<String> encodings = new ArrayList<>();
  private final Exchange exchange =
      new Exchange(
          URI.create("/metrics"),
          new Headers(),
          new InetSocketAddress(1),
          new InetSocketAddress(2));

  private void ask(String accept, String encoding) throws Exception {
    exchange.getRequestHeaders().set("Accept", accept);
    exchange.getRequestHeaders().set("Accept-Encoding", encoding);
    Negotiation.of(
            TYPES,
            asked -> {
              accepts.addAll(asked.getRequestHeaders().get("Accept"));
              encodings.addAll(
                  asked.getRequestHeaders().getOrDefault("Accept-Encoding", List.of()));
            })
        .handle(exchange);
    assertEquals("Accept, Accept-Encoding", exchange.getResponseHeaders().getFirst("Vary"));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "*/* | text/plain",
        "'' | text/plain",
        "text/html | text/plain",
        "text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8 | text/plain",
        "text/* | text/plain",
        "application/* | application/openmetrics-text",
        "application/openmetrics-text | application/openmetrics-text",
        "APPLICATION/OpenMetrics-Text;VERSION=1.0.0 | application/openmetrics-text",
        "application/openmetrics-text; version=\"1.0.0\" | application/openmetrics-text",
        "application/openmetrics-text;version=2.0.0 | text/plain",
        "application/openmetrics-text;version=2.0.0,*/*;q=0.1 | text/plain",
        "application/openmetrics-text;version=1.0.0;q=0.1,text/plain;q=0.9 | text/plain",
        "text/plain;q=0.1,application/openmetrics-text;version=1.0.0;q=0.9"
            + " | application/openmetrics-text",
        "text/plain;q=0.5,application/openmetrics-text;q=0 | text/plain",
        "application/openmetrics-text;q=0,*/* | text/plain",
        "text/plain;q=0,*/*;q=0.5 | application/openmetrics-text",
        "text/plain;q=0,application/openmetrics-text | application/openmetrics-text",
        "application/openmetrics-text;q=0 | text/plain",
        "application/openmetrics-text;q=junk | text/plain",
        "application/openmetrics-text,text/plain | application/openmetrics-text",
        "text/plain,application/openmetrics-text | text/plain",
        "*/*,application/openmetrics-text | application/openmetrics-text",
        "application/openmetrics-text;version=0.0.1,text/plain;version=0.0.4;q=0.5,*/*;q=0.1"
            + " | text/plain",
        "application/openmetrics-text;version=1.0.0;q=0.75,"
            + "application/openmetrics-text;version=0.0.1;q=0.5,text/plain;version=0.0.4;q=0.25,"
            + "*/*;q=0.1 | application/openmetrics-text",
        "application/vnd.google.protobuf;proto=io.prometheus.client.MetricFamily;"
            + "encoding=delimited;q=0.6,application/openmetrics-text;version=1.0.0;q=0.5,*/*;q=0.1"
            + " | application/vnd.google.protobuf",
        "application/vnd.google.protobuf;proto=io.prometheus.client.MetricFamily;encoding=text,"
            + "text/plain;q=0.5 | text/plain",
      })
  void theClientDecides(String accept, String type) throws Exception {
    ask(accept, "");
    assertEquals(1, accepts.size());
    assertTrue(accepts.getFirst().startsWith(type), accepts.toString());
    assertTrue(List.of(TEXT, OPEN, PROTOBUF).contains(type));
  }

  @Test
  void howNamesAreEscapedIsPassedOn() throws Exception {
    ask("application/openmetrics-text;version=1.0.0;escaping=allow-utf-8;q=0.5,*/*;q=0.1", "");
    assertEquals(List.of(TYPES.get(1) + ";escaping=allow-utf-8"), accepts);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {"*/*;q=0", "text/plain;q=0", "text/*;q=0.000"})
  void whatIsNotWantedIsNotSent(String accept) throws Exception {
    ask(accept, "");
    assertEquals(List.of(), accepts);
    assertEquals(406, exchange.getResponseCode());
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "gzip | 1",
        "GZIP;q=0.1 | 1",
        "deflate, gzip;q=1.0, *;q=0.5 | 1",
        "* | 1",
        "'' | 0",
        "gzip;q=0 | 0",
        "gzip;q=0, * | 0",
        "*;q=0 | 0",
        "br | 0",
        "identity | 0",
      })
  void compressionIsTheClientsChoice(String encoding, int compressions) throws Exception {
    ask("*/*", encoding);
    assertEquals(List.of("gzip").subList(0, compressions), encodings);
  }
}
