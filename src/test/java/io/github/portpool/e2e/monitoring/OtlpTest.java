package io.github.portpool.e2e.monitoring;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.sun.net.httpserver.HttpsConfigurator;
import com.sun.net.httpserver.HttpsServer;
import io.github.portpool.Await;
import io.github.portpool.MostlyWaits;
import io.github.portpool.e2e.AgentProcess;
import io.github.portpool.e2e.Program;
import io.github.portpool.e2e.Program.Outcome;
import io.github.portpool.e2e.Scrape;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.KeyStore;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A real agent pushes its metrics to a receiver of the test, and to some that mean it harm. */
@MostlyWaits
@Timeout(300)
class OtlpTest {
  private static final String SAMPLE = "portpool_sample_timestamp_seconds";
  private static final String FAILURES = "portpool_otlp_exports_total{outcome=\"failure\"}";
  private static final String SUCCESSES = "portpool_otlp_exports_total{outcome=\"success\"}";

  @TempDir private Path directory;

  @Test
  void whatIsPushedIsWhatIsScraped() throws Exception {
    try (OtlpReceiver receiver = new OtlpReceiver(0);
        AgentProcess agent =
            serve("http://127.0.0.1:" + receiver.port(), "--otlp.header=x-token=a=b,x-org=c")) {
      OtlpReceiver.Push push = receiver.await(SAMPLE);
      assertEquals(own(agent.scrape().series()), own(push.series()));
      assertEquals(List.of("a=b"), push.headers().get("X-token"));
      assertEquals(List.of("c"), push.headers().get("X-org"));
      Map<String, String> resource = push.resource();
      assertEquals("portpool", resource.get("service.name"));
      assertEquals(resource.get("host.name"), resource.get("service.instance.id"));
      assertTrue(push.list().stream().anyMatch(each -> each.getUnit().equals("s")));
      assertTrue(push.list().stream().anyMatch(each -> each.getName().startsWith("jvm_")));
    }
  }

  @Test
  void theEnvironmentNamesTheResource() throws Exception {
    try (OtlpReceiver receiver = new OtlpReceiver(0)) {
      ProcessBuilder process = process("http://127.0.0.1:" + receiver.port() + "/v1/metrics");
      process
          .environment()
          .put("OTEL_RESOURCE_ATTRIBUTES", "team=a%2Cb+c, service.instance.id=seven");
      try (AgentProcess agent = AgentProcess.start(process)) {
        Map<String, String> resource = receiver.await(SAMPLE).resource();
        assertEquals("a,b+c", resource.get("team"));
        assertEquals("seven", resource.get("service.instance.id"));
        assertEquals(0, agent.stop());
      }
    }
  }

  @Test
  void anOutageIsSaidOnceAndEnds() throws Exception {
    int port;
    try (OtlpReceiver gone = new OtlpReceiver(0)) {
      port = gone.port();
    }
    try (AgentProcess agent = serve("http://127.0.0.1:" + port)) {
      awaitCount(agent, FAILURES, 3);
      try (OtlpReceiver back = new OtlpReceiver(port)) {
        awaitCount(agent, SUCCESSES, 2);
        assertTrue(back.await(SAMPLE).series().get(FAILURES) >= 3);
      }
      assertEquals(0, agent.stop());
      assertEquals(1, said(agent, "WARNING cannot push metrics to http://127.0.0.1:" + port));
      assertEquals(1, said(agent, "again"));
    }
  }

  @Test
  void tlsTakesTheAuthorityOfTheFile() throws Exception {
    Path store = directory.resolve("store.p12");
    keytool("-genkeypair -alias a -keyalg EC -dname CN=localhost -ext san=ip:127.0.0.1", store);
    Path certificate = directory.resolve("ca.pem");
    keytool("-exportcert -alias a -rfc -file " + certificate, store);
    HttpsServer https = HttpsServer.create();
    https.setHttpsConfigurator(new HttpsConfigurator(context(store)));
    try (OtlpReceiver receiver = new OtlpReceiver(https, 0)) {
      String endpoint = "https://127.0.0.1:" + receiver.port();
      try (AgentProcess agent = serve(endpoint, "--otlp.ca-file=" + certificate)) {
        assertEquals(0, agent.scrape().value(FAILURES));
        receiver.await(SAMPLE);
      }
      try (AgentProcess stranger = serve(endpoint)) {
        awaitCount(stranger, FAILURES, 1);
        assertEquals(0, stranger.scrape().value(SUCCESSES));
      }
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "\u001b[31m\u0000\u0007 garbage\r\n\r\n",
        "HTTP/1.1 302 Found\r\nLocation: file:///etc/passwd\r\nContent-Length: 0\r\n\r\n",
        "HTTP/1.1 503 \u001b]0;x\r\nContent-Length: 3\r\n\r\n\u001b[m",
        "HTTP/1.1 500 Endless\r\n\r\n",
      })
  void aHostileEndpointDoesNoHarm(String answer) throws Exception {
    try (ServerSocket server = new ServerSocket(0, 50, InetAddress.getLoopbackAddress())) {
      Thread.ofVirtual().start(() -> answer(server, answer));
      try (AgentProcess agent = serve("http://127.0.0.1:" + server.getLocalPort())) {
        awaitCount(agent, FAILURES, answer.isEmpty() ? 1 : 2);
        Scrape scrape = agent.scrape();
        assertEquals(1, scrape.value("portpool_sample_success{netns=\"host\"}"));
        assertEquals(0, scrape.value(SUCCESSES));
        assertEquals(0, agent.stop());
        assertEquals(1, said(agent, "cannot push"), agent.log().toString());
        assertTrue(agent.log().stream().allMatch(line -> line.matches("\\P{Cntrl}+")));
      }
    }
  }

  /** Gives every client the same answer, and goes on for ever where the answer has no length. */
  private static void answer(ServerSocket server, String answer) {
    try {
      while (true) {
        Socket client = server.accept();
        Thread.ofVirtual()
            .start(() -> {
              try (client) {
                InputStream in = client.getInputStream();
                in.read(new byte[65_536]);
                client.getOutputStream().write(answer.getBytes(US_ASCII));
                while (answer.contains("Endless")) {
                  client.getOutputStream().write(new byte[65_536]);
                }
                in.transferTo(java.io.OutputStream.nullOutputStream());
              } catch (IOException e) {
                // The agent has had enough.
              }
            });
      }
    } catch (IOException e) {
      // The test is over.
    }
  }

  @Test
  void withoutAnEndpointThereIsNothingOfIt() throws Exception {
    try (AgentProcess agent = AgentProcess.serve()) {
      assertTrue(
          agent.scrape().series().keySet().stream().noneMatch(name -> name.contains("otlp")));
      Path maps = Path.of("/proc", String.valueOf(agent.pid()), "task");
      try (var threads = Files.list(maps)) {
        for (Path thread : threads.toList()) {
          assertTrue(!Files.readString(thread.resolve("comm")).contains("otlp"));
        }
      }
    }
  }

  @Test
  void whatCannotWorkIsSaidAtTheStart() throws Exception {
    Outcome noFile = Program.run(process("https://127.0.0.1", "--otlp.ca-file=/nowhere.pem"));
    assertEquals(2, noFile.exitCode());
    assertTrue(noFile.err().getFirst().startsWith("portpool: cannot read --otlp.ca-file"));
    Outcome noUrl = Program.run(process("collector:4317"));
    assertEquals(2, noUrl.exitCode());
  }

  private static ProcessBuilder process(String endpoint, String... options) {
    String[] all = new String[options.length + 3];
    all[0] = "--sample.interval=1h";
    all[1] = "--otlp.endpoint=" + endpoint;
    all[2] = "--otlp.interval=300ms";
    System.arraycopy(options, 0, all, 3, options.length);
    return Program.process(AgentProcess.arguments(all));
  }

  private static AgentProcess serve(String endpoint, String... options) throws Exception {
    return AgentProcess.start(process(endpoint, options));
  }

  /** The agent's own series without its pushes: those move between a push and a scrape. */
  private static Map<String, Double> own(Map<String, Double> all) {
    Map<String, Double> own = new TreeMap<>();
    all.forEach((name, value) -> {
      if (name.startsWith("portpool_") && !name.startsWith("portpool_otlp_")) {
        own.put(sorted(name), value);
      }
    });
    return own;
  }

  private static String sorted(String name) {
    int brace = name.indexOf('{');
    if (brace < 0) {
      return name;
    }
    String[] labels = name.substring(brace + 1, name.length() - 1).split(",(?=[a-z_]+=\")");
    java.util.Arrays.sort(labels);
    return name.substring(0, brace) + "{" + String.join(",", labels) + "}";
  }

  private static void awaitCount(AgentProcess agent, String counter, int count) throws Exception {
    Await.until(counter + " is " + count, () -> agent.scrape().value(counter) >= count);
  }

  private static long said(AgentProcess agent, String words) {
    return agent.log().stream().filter(line -> line.contains(words)).count();
  }

  private static void keytool(String arguments, Path store) throws Exception {
    String tool = Path.of(System.getProperty("java.home"), "bin", "keytool").toString();
    String all = tool + " " + arguments + " -storepass changeit -keystore " + store;
    Outcome outcome = Program.run(new ProcessBuilder(all.split(" ")));
    assertEquals(0, outcome.exitCode(), outcome.toString());
  }

  private static SSLContext context(Path store) throws Exception {
    KeyStore keys = KeyStore.getInstance(store.toFile(), "changeit".toCharArray());
    KeyManagerFactory factory =
        KeyManagerFactory.getInstance(KeyManagerFactory.getDefaultAlgorithm());
    factory.init(keys, "changeit".toCharArray());
    SSLContext context = SSLContext.getInstance("TLS");
    context.init(factory.getKeyManagers(), null, null);
    return context;
  }
}
