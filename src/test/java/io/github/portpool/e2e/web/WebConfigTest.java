package io.github.portpool.e2e.web;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.portpool.Await;
import io.github.portpool.MostlyWaits;
import io.github.portpool.e2e.AgentProcess;
import io.github.portpool.e2e.Certificates;
import io.github.portpool.e2e.Http;
import io.github.portpool.e2e.Needs;
import io.github.portpool.e2e.Program;
import io.github.portpool.e2e.Program.Outcome;
import io.github.portpool.e2e.PrometheusProcess;
import io.github.portpool.oracle.Netns;
import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The agent with a web configuration file, asked by curl and scraped by a real Prometheus. */
@MostlyWaits
@Order(2)
@Timeout(300)
class WebConfigTest {
  private static final String TLS =
      "tls_server_config:\n  cert_file: server.crt\n  key_file: server.key\n";

  /** What refuses: no TLS connection, in curl's words. */
  private static final int FAILED_HANDSHAKE = 35;

  private static final int UNKNOWN_AUTHORITY = 60;

  /** The hash of "correct horse" by crypt(3), with little work. */
  private static final String HORSE =
      "$2y$05$abcdefghijklmnopqrstuuHNbAKRhpaujgo33bRWs.NLUTJO3lOy2";

  /** With the usual work. */
  private static final String DEAR_HORSE =
      "$2b$10$abcdefghijklmnopqrstuu23JPZtHcGhwXSF41f93o/7vBdDut3Xu";

  @TempDir private Path folder;
  private Certificates certificates;

  @BeforeEach
  void issue() throws Exception {
    Needs.program("/usr/bin/curl", "curl");
    certificates = new Certificates(folder);
    certificates.server("server", 30);
  }

  private String config(String text) throws Exception {
    // As an administrator's tools do it: never half a file.
    Path next = Files.writeString(folder.resolve("next"), text);
    Path file = folder.resolve("web.yml");
    Files.move(next, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
    return "--web.config.file=" + file;
  }

  private AgentProcess serve(String text) throws Exception {
    return AgentProcess.listening(config(text));
  }

  /** What curl makes of a page; its exit code tells whether the connection was made. */
  private Outcome curl(AgentProcess agent, String... options) throws Exception {
    return curl("https://localhost:" + agent.address().getPort() + "/metrics", options);
  }

  private Outcome curl(String url, String... options) throws Exception {
    List<String> command = new ArrayList<>(List.of("/usr/bin/curl", "-sS", "-i", "-m", "20"));
    command.addAll(List.of("--cacert", certificates.file("ca.crt").toString()));
    command.addAll(List.of(options));
    command.add(url);
    return Program.run(new ProcessBuilder(command).directory(folder.toFile()));
  }

  private static int status(Outcome outcome) {
    assertEquals(0, outcome.exitCode(), outcome.err().toString());
    return Integer.parseInt(outcome.out().getFirst().split(" ", 3)[1]);
  }

  private static void await(Callable<Boolean> condition) throws Exception {
    Await.until("it is as the file says", condition);
  }

  private static boolean hasLogged(AgentProcess agent, String text) {
    return agent.log().stream().anyMatch(line -> line.contains(text));
  }

  @Test
  void metricsComeByTls() throws Exception {
    try (AgentProcess agent = serve(TLS)) {
      String good = "portpool_sample_success{netns=\"host\"} 1.0";
      await(() -> curl(agent).out().contains(good));
      assertEquals(200, status(curl(agent, "--tls-max", "1.2")));
      assertEquals(FAILED_HANDSHAKE, curl(agent, "--tls-max", "1.1").exitCode());
      assertEquals(0, agent.stop());
    }
  }

  @Test
  void plainHttpIsNotAnswered() throws Exception {
    try (AgentProcess agent = serve(TLS)) {
      assertEquals(200, status(curl(agent)));
      try (Socket socket = agent.http().connect()) {
        socket
            .getOutputStream()
            .write("GET /metrics HTTP/1.1\r\n\r\n".getBytes(StandardCharsets.US_ASCII));
        String answer =
            new String(socket.getInputStream().readAllBytes(), StandardCharsets.ISO_8859_1);
        assertFalse(answer.contains("portpool"), answer);
      }
      assertEquals(200, status(curl(agent)));
      assertEquals(0, agent.stop());
      assertTrue(
          agent.log().stream().allMatch(line -> line.contains(" INFO ")), agent.log().toString());
    }
  }

  @Test
  void whoNeverShakesHandsIsSentAway() throws Exception {
    try (AgentProcess agent = serve(TLS);
        Socket silent = agent.http().connect();
        Socket half = agent.http().connect()) {
      half.getOutputStream().write(new byte[] {0x16, 0x03, 0x01, 0x02, 0x00});
      assertEquals(200, status(curl(agent)));
      silent.setSoTimeout(180_000);
      for (Socket each : List.of(half, silent)) {
        assertTrue(each.getInputStream().readAllBytes().length < 100, "an alert at most");
      }
    }
  }

  @Test
  void noResolverIsAskedWhoAClientIs() throws Exception {
    Needs.root();
    Path resolver = Files.writeString(folder.resolve("resolv.conf"), "nameserver 127.0.0.1\n");
    String own = "mount --bind " + resolver + " /etc/resolv.conf && exec \"$@\"";
    try (Netns netns = Netns.create()) {
      netns.call(() -> {
        // By a name, which is resolved before TLS begins.
        String listen = "--web.listen-address=localhost:0";
        ProcessBuilder process =
            Program.process(
                List.of("unshare", "-m", "sh", "-c", own, "sh"),
                System.getProperty("java.class.path"),
                "serve",
                listen,
                config(TLS));
        try (DatagramSocket silent = new DatagramSocket(53, InetAddress.getLoopbackAddress());
            AgentProcess agent = AgentProcess.listening(process)) {
          assertEquals(200, status(curl(agent, "--interface", "127.0.0.77")));
          silent.setSoTimeout(1000);
          DatagramPacket query = new DatagramPacket(new byte[512], 512);
          try {
            while (true) {
              silent.receive(query);
              String text = new String(query.getData(), StandardCharsets.ISO_8859_1);
              assertFalse(text.contains("\00277\0010"), "it asks for the name of 127.0.0.77");
            }
          } catch (SocketTimeoutException e) {
            // That was all.
          }
        }
        return null;
      });
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "genrsa -traditional",
        "genrsa",
        "ecparam -name prime256v1 -genkey",
        "ecparam -name secp384r1 -genkey -noout",
        "genpkey -algorithm ed25519",
      })
  void keysOfAllFormsAreRead(String arguments) throws Exception {
    certificates.key("server", arguments);
    certificates.certificate("server", "ca", 30, "DNS:localhost");
    try (AgentProcess agent = serve(TLS)) {
      assertEquals(200, status(curl(agent)));
    }
  }

  @Test
  void certificatesMayStandInTheFile() throws Exception {
    String text =
        "tls_server_config:\n  cert: |\n%s  key: |\n%s"
            .formatted(
                Files.readString(folder.resolve("server.crt")).indent(4),
                Files.readString(folder.resolve("server.key")).indent(4));
    try (AgentProcess agent = serve(text)) {
      assertEquals(200, status(curl(agent)));
    }
  }

  @Test
  void aRotatedCertificateIsShownAtOnce() throws Exception {
    certificates.server("server", 0);
    try (AgentProcess agent = serve(TLS)) {
      assertEquals(UNKNOWN_AUTHORITY, curl(agent).exitCode());
      agent.awaitLog("clients will refuse it");

      certificates.server("server", 30);
      await(() -> curl(agent).exitCode() == 0);
      agent.awaitLog("the web configuration was read again");
      assertEquals(0, agent.stop());
    }
  }

  @ParameterizedTest
  @CsvSource({
    "server.crt, nonsense, has no certificate in PEM",
    "server.key, , server.key is not the key of server.crt",
    "web.yml, 'http_server_config: {}', to begin or end TLS takes a restart",
  })
  void aBrokenChangeKeepsWhatWasThere(String file, String text, String reason) throws Exception {
    try (AgentProcess agent = serve(TLS)) {
      assertEquals(200, status(curl(agent)));
      if (text == null) {
        certificates.key("server", "genpkey -algorithm EC -pkeyopt ec_paramgen_curve:P-256");
      } else {
        Files.writeString(folder.resolve(file), text + "\n");
      }
      await(() -> status(curl(agent)) == 200 && hasLogged(agent, "stays as it was"));
      assertTrue(hasLogged(agent, reason), agent.log().toString());
      assertEquals(200, status(curl(agent)));
      assertEquals(1, agent.log().stream().filter(line -> line.contains("as it was")).count());

      certificates.server("server", 30);
      config(TLS);
      await(() -> status(curl(agent)) == 200 && hasLogged(agent, "was read again"));
      assertEquals(0, agent.stop());
    }
  }

  @Test
  void onlyClientsOfTheAuthorityWithAnAllowedNameAreServed() throws Exception {
    certificates.authority("stranger");
    for (String name : List.of("good", "other", "foreign", "old")) {
      certificates.key(name, "genpkey -algorithm EC -pkeyopt ec_paramgen_curve:P-256");
    }
    certificates.certificate("good", "ca", 30, "DNS:prometheus.example");
    certificates.certificate("other", "ca", 30, "DNS:other.example");
    certificates.certificate("foreign", "stranger", 30, "DNS:prometheus.example");
    certificates.certificate("old", "ca", 0, "DNS:prometheus.example");
    String clients =
        TLS
            + "  client_ca_file: ca.crt\n  client_auth_type: RequireAndVerifyClientCert\n"
            + "  client_allowed_sans: [prometheus.example]\n";
    try (AgentProcess agent = serve(clients)) {
      assertEquals(200, status(curl(agent, "--cert", "good.crt", "--key", "good.key")));
      assertNotEquals(0, curl(agent).exitCode());
      for (String name : List.of("other", "foreign", "old")) {
        assertNotEquals(
            0, curl(agent, "--cert", name + ".crt", "--key", name + ".key").exitCode(), name);
      }
      config(clients.replace("prometheus.example", "other.example"));
      await(() -> curl(agent, "--cert", "other.crt", "--key", "other.key").exitCode() == 0);
      assertNotEquals(0, curl(agent, "--cert", "good.crt", "--key", "good.key").exitCode());
    }
    try (AgentProcess agent =
        serve(TLS + "  client_auth_type: VerifyClientCertIfGiven\n  client_ca_file: ca.crt\n")) {
      assertEquals(200, status(curl(agent)));
      assertEquals(200, status(curl(agent, "--cert", "good.crt", "--key", "good.key")));
      assertNotEquals(0, curl(agent, "--cert", "foreign.crt", "--key", "foreign.key").exitCode());
    }
    try (AgentProcess agent = serve(TLS + "  client_auth_type: RequireAnyClientCert\n")) {
      assertEquals(200, status(curl(agent, "--cert", "foreign.crt", "--key", "foreign.key")));
      assertNotEquals(0, curl(agent).exitCode());
    }
  }

  /** 2001:db8::7 in four ways; a certificate has it as 16 bytes. */
  @ParameterizedTest
  @ValueSource(
      strings = {
        "2001:db8::7",
        "2001:DB8:0:0:0:0:0:7",
        "2001:0db8:0000:0000:0000:0000:0000:0007",
        "2001:db8::0.0.0.7"
      })
  void anAddressIsAllowedHoweverItIsWritten(String address) throws Exception {
    for (String name : List.of("good", "other")) {
      certificates.key(name, "genpkey -algorithm EC -pkeyopt ec_paramgen_curve:P-256");
    }
    certificates.certificate("good", "ca", 30, "IP:2001:db8::7");
    certificates.certificate("other", "ca", 30, "IP:2001:db8::8");
    String clients =
        TLS
            + "  client_ca_file: ca.crt\n  client_auth_type: RequireAndVerifyClientCert\n"
            + "  client_allowed_sans: ['"
            + address
            + "']\n";
    try (AgentProcess agent = serve(clients)) {
      assertEquals(200, status(curl(agent, "--cert", "good.crt", "--key", "good.key")));
      assertNotEquals(0, curl(agent, "--cert", "other.crt", "--key", "other.key").exitCode());
    }
  }

  /** None of those that Java comes with has issued it. */
  @Test
  void withoutAnAuthorityThoseOfTheSystemCount() throws Exception {
    certificates.key("good", "genpkey -algorithm EC -pkeyopt ec_paramgen_curve:P-256");
    certificates.certificate("good", "ca", 30, "DNS:prometheus.example");
    try (AgentProcess agent = serve(TLS + "  client_auth_type: VerifyClientCertIfGiven\n")) {
      assertEquals(200, status(curl(agent)));
      assertNotEquals(0, curl(agent, "--cert", "good.crt", "--key", "good.key").exitCode());
    }
  }

  @Test
  void aClientMayNotBeginToShakeHandsAgain() throws Exception {
    try (AgentProcess agent = serve(TLS)) {
      String again = "(echo R; sleep 5) | openssl s_client -tls1_2 -connect localhost:";
      Outcome outcome =
          Program.run(new ProcessBuilder("sh", "-c", again + agent.address().getPort() + " 2>&1"));
      String said = String.join("\n", outcome.out());
      assertTrue(said.contains("RENEGOTIATING"), said);
      // It once ended with "verify return:1" a second time.
      assertTrue(said.contains("no renegotiation") || said.contains("alert"), said);
      assertEquals(200, status(curl(agent)));
    }
  }

  @Test
  void versionsSuitesAndCurvesAreThoseOfTheFile() throws Exception {
    try (AgentProcess agent = serve(TLS + "  min_version: TLS13\n")) {
      assertEquals(200, status(curl(agent)));
      assertEquals(FAILED_HANDSHAKE, curl(agent, "--tls-max", "1.2").exitCode());
    }
    certificates.key("server", "genrsa");
    certificates.certificate("server", "ca", 30, "DNS:localhost");
    String one =
        TLS
            + "  max_version: TLS12\n  curve_preferences: [CurveP384]\n"
            + "  cipher_suites: [TLS_ECDHE_RSA_WITH_AES_256_GCM_SHA384]\n";
    try (AgentProcess agent = serve(one)) {
      assertEquals(200, status(curl(agent, "--ciphers", "ECDHE-RSA-AES256-GCM-SHA384")));
      assertEquals(
          FAILED_HANDSHAKE, curl(agent, "--ciphers", "ECDHE-RSA-AES128-GCM-SHA256").exitCode());
      assertEquals(FAILED_HANDSHAKE, curl(agent, "--curves", "P-256").exitCode());
      assertEquals(FAILED_HANDSHAKE, curl(agent, "--tlsv1.3").exitCode());
    }
  }

  @Test
  void usersAreAskedForTheirPasswords() throws Exception {
    try (AgentProcess agent = serve("basic_auth_users: {prometheus: " + HORSE + "}\n")) {
      String host = "http://localhost:" + agent.address().getPort();
      for (String page : List.of("/metrics", "/", "/-/healthy", "/ports", "/none")) {
        Outcome refused = curl(host + page);
        assertEquals(401, status(refused), page);
        assertTrue(
            refused.out().stream()
                .anyMatch(line ->
                    line.toLowerCase(Locale.ROOT)
                        .startsWith("www-authenticate: basic realm=\"portpool\"")),
            refused.out().toString());
        assertFalse(String.join("\n", refused.out()).contains("portpool_"));
      }
      for (String wrong : List.of("prometheus:wrong", "nobody:correct horse", ":", "prometheus:")) {
        assertEquals(401, status(curl(host + "/metrics", "-u", wrong)), wrong);
      }
      assertEquals(401, agent.http().get("/metrics", "Authorization: Basic ???").status());
      assertEquals(401, agent.http().get("/metrics", "Authorization: Basic cHJvbQ==").status());
      assertEquals(401, agent.http().get("/metrics", "Authorization: Bearer x").status());
      assertEquals(200, status(curl(host + "/metrics", "-u", "prometheus:correct horse")));
      assertEquals(404, status(curl(host + "/none", "-u", "prometheus:correct horse")));

      config("basic_auth_users: {somebody: " + HORSE + "}\n");
      await(() -> status(curl(host + "/metrics", "-u", "somebody:correct horse")) == 200);
      assertEquals(401, status(curl(host + "/metrics", "-u", "prometheus:correct horse")));
      assertEquals(0, agent.stop());
      assertFalse(hasLogged(agent, "correct horse"));
    }
  }

  /** A file that is being written is short for a moment. */
  @Test
  void passwordsDoNotEndBecauseAFileIsShort() throws Exception {
    String users = "basic_auth_users: {prometheus: " + HORSE + "}\n";
    try (AgentProcess agent = serve(users)) {
      String metrics = "http://localhost:" + agent.address().getPort() + "/metrics";
      for (String text : List.of("", "basic_auth_users:\n", "basic_auth_users:\n  prometheus:\n")) {
        long said = timesSaid(agent, "stays as it was");
        config(text);
        await(() -> {
          assertEquals(401, status(curl(metrics)));
          return timesSaid(agent, "stays as it was") > said;
        });
        assertEquals(200, status(curl(metrics, "-u", "prometheus:correct horse")));
      }
    }
  }

  private static long timesSaid(AgentProcess agent, String text) {
    return agent.log().stream().filter(line -> line.contains(text)).count();
  }

  @Test
  void aFileThatBecomesReadableIsRead() throws Exception {
    try (AgentProcess agent = serve(TLS)) {
      config("basic_auth_users: {prometheus: " + HORSE + "}\n" + TLS);
      await(() -> status(curl(agent)) == 401);
      long said = timesSaid(agent, "was read again");
      Thread.sleep(10); // so that the time of change differs
      Files.setPosixFilePermissions(
          folder.resolve("server.key"), PosixFilePermissions.fromString("rw-r-----"));
      await(() -> status(curl(agent)) == 401 && timesSaid(agent, "was read again") > said);
    }
  }

  @Test
  void guessersKeepNobodyOut() throws Exception {
    try (AgentProcess agent = serve("basic_auth_users: {prometheus: " + DEAR_HORSE + "}\n")) {
      String metrics = "http://localhost:" + agent.address().getPort() + "/metrics";
      String[] right = {"-u", "prometheus:correct horse"};
      assertEquals(200, status(curl(metrics, right)));
      AtomicBoolean over = new AtomicBoolean();
      AtomicInteger refused = new AtomicInteger();
      List<Future<?>> guessers = new ArrayList<>();
      try (ExecutorService crowd = Executors.newCachedThreadPool()) {
        try {
          for (int i = 0; i < 8; i++) {
            guessers.add(
                crowd.submit(() -> {
                  while (!over.get()) {
                    int status = agent.http().get("/metrics", "Authorization: Basic eDp5").status();
                    assertTrue(status == 401 || status == 503, "a guess gets " + status);
                    refused.incrementAndGet();
                  }
                  return null;
                }));
          }
          for (int scrape = 0; scrape < 10; scrape++) {
            int before = refused.get();
            assertEquals(200, status(curl(metrics, right)));
            await(() -> refused.get() > before);
          }
        } finally {
          over.set(true);
        }
        for (Future<?> guesser : guessers) {
          guesser.get();
        }
      }
    }
  }

  @Test
  void headersAreThoseOfTheFile() throws Exception {
    String text =
        """
        http_server_config:
          http2: false
          headers:
            Strict-Transport-Security: max-age=63072000
            X-Frame-Options: deny
            Content-Security-Policy: ''
        """;
    try (AgentProcess agent = serve(text)) {
      Http.Answer answer = agent.http().get("/");
      assertEquals("max-age=63072000", answer.header("Strict-Transport-Security"));
      assertEquals("deny", answer.header("X-Frame-Options"));
      assertEquals("", answer.header("Content-Security-Policy"));
      assertEquals("nosniff", answer.header("X-Content-Type-Options"));
    }
  }

  @Test
  void whatIsWrongIsSaidInOneLine() throws Exception {
    Outcome outcome =
        Program.run("serve", "--web.listen-address=127.0.0.1:0", config("tls_config: {}\n"));
    assertEquals(1, outcome.exitCode());
    String sentence = outcome.err().getLast();
    assertTrue(sentence.startsWith("portpool: the web configuration file "), sentence);
    assertTrue(sentence.contains("tls_config, which is not known there"), sentence);
  }

  @Test
  void anEmptyFileChangesNothing() throws Exception {
    try (AgentProcess agent = serve("")) {
      assertEquals(200, agent.http().get("/metrics").status());
    }
  }

  @Test
  void prometheusScrapesByTlsWithAPassword() throws Exception {
    PrometheusProcess.assumeInstalled();
    try (AgentProcess agent = serve(TLS + "basic_auth_users: {prometheus: " + HORSE + "}\n");
        PrometheusProcess prometheus = PrometheusProcess.start(9097, prometheus(agent.address()))) {
      await(() -> prometheus.value("up") == 1);
      assertEquals(1, prometheus.value("portpool_sample_success{netns=\"host\"}"));
    }
  }

  private Path prometheus(InetSocketAddress agent) throws Exception {
    return Files.writeString(
        folder.resolve("prometheus.yml"),
        """
        global: {scrape_interval: 5s, scrape_timeout: 5s}
        scrape_configs:
          - job_name: portpool
            scheme: https
            tls_config: {ca_file: ca.crt}
            basic_auth: {username: prometheus, password: correct horse}
            static_configs:
              - targets: ['localhost:%d']
        """
            .formatted(agent.getPort()));
  }
}
