package io.github.portpool.e2e.web;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.portpool.Await;
import io.github.portpool.MostlyWaits;
import io.github.portpool.e2e.AgentProcess;
import io.github.portpool.e2e.Certificates;
import io.github.portpool.e2e.Program;
import io.github.portpool.oracle.Netns;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.cert.X509Certificate;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.concurrent.Callable;
import javax.net.ssl.SSLContext;
import javax.net.ssl.TrustManager;
import javax.net.ssl.X509TrustManager;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Clients in another namespace that mean no good, and an honest scraper beside them. */
@MostlyWaits
@Timeout(300)
class AttackTest {
  private static final int PORT = 10_696;
  private static final int CROWD = 400;
  private static final int SCRAPES = 5;
  private static final String SERVER = "10.9.1.1";
  private static final String ATTACKER = "10.9.1.2";
  private static final String SCRAPER = "10.9.1.3";
  private static final String TLS =
      "tls_server_config:\n  cert_file: server.crt\n  key_file: server.key\n";

  /** The hash of "correct horse" by crypt(3), with little work, and with the usual one. */
  private static final String HORSE =
      "$2y$05$abcdefghijklmnopqrstuuHNbAKRhpaujgo33bRWs.NLUTJO3lOy2";

  private static final String DEAR_HORSE =
      "$2b$10$abcdefghijklmnopqrstuu23JPZtHcGhwXSF41f93o/7vBdDut3Xu";
  private static final String PASSWORD =
      "Authorization: Basic "
          + Base64.getEncoder().encodeToString("prometheus:correct horse".getBytes(US_ASCII))
          + "\r\n";

  private static final String REQUEST = "GET /metrics HTTP/1.1\r\nHost: %s\r\n".formatted(SERVER);

  /** What an attacker says on a connection, of which it then says no more and reads nothing. */
  private enum Attack {
    SILENCE(""),
    HALF_A_HEADER("GET /metrics HTTP/1.1\r\nHost: "),
    SLOW_POST("POST /metrics HTTP/1.1\r\nHost: x\r\nContent-Length: 30000\r\n\r\nx"),
    KEPT_ALIVE(REQUEST + "\r\n"),
    NEVER_READ((REQUEST + "\r\n").repeat(100));

    final String text;

    Attack(String text) {
      this.text = text;
    }
  }

  @TempDir private Path folder;
  private final List<Socket> crowd = new ArrayList<>();
  private Netns host;
  private Netns world;

  @BeforeEach
  void link() throws Exception {
    host = Netns.create();
    world = Netns.create();
    String thread =
        world.call(
            () -> Files.readSymbolicLink(Path.of("/proc/thread-self")).getFileName().toString());
    host.ip("link", "add", "world", "type", "veth", "peer", "name", "host", "netns", thread);
    host.ip("addr", "add", SERVER + "/24", "dev", "world");
    for (String address : List.of("fd09:1::1/64", "fd09:2::1/64")) {
      host.ip("addr", "add", address, "dev", "world", "nodad");
    }
    host.ip("link", "set", "world", "up");
    for (String address : List.of(ATTACKER + "/24", SCRAPER + "/24")) {
      world.ip("addr", "add", address, "dev", "host");
    }
    world.ip("link", "set", "host", "up");
  }

  @AfterEach
  void end() throws Exception {
    leave();
    world.close();
    host.close();
  }

  private AgentProcess serve(String config) throws Exception {
    new Certificates(folder).server("server", 30);
    Path file = Files.writeString(folder.resolve("web.yml"), config);
    return host.call(() ->
        AgentProcess.listening(
            Program.process(
                "serve", "--web.listen-address=:" + PORT, "--web.config.file=" + file)));
  }

  private Socket connect(String from, boolean tls) throws Exception {
    return connect(from, SERVER, tls);
  }

  private Socket connect(String from, String to, boolean tls) throws Exception {
    Socket socket = new Socket();
    socket.setReceiveBufferSize(4096);
    socket.setSoTimeout(60_000);
    socket.bind(new InetSocketAddress(InetAddress.ofLiteral(from), 0));
    socket.connect(new InetSocketAddress(InetAddress.ofLiteral(to), PORT), 60_000);
    return tls ? trusting().getSocketFactory().createSocket(socket, to, PORT, true) : socket;
  }

  private static SSLContext trusting() throws Exception {
    X509TrustManager anybody =
        new X509TrustManager() {
          @Override
          public void checkClientTrusted(X509Certificate[] chain, String type) {}

          @Override
          public void checkServerTrusted(X509Certificate[] chain, String type) {}

          @Override
          public X509Certificate[] getAcceptedIssuers() {
            return new X509Certificate[0];
          }
        };
    SSLContext context = SSLContext.getInstance("TLS");
    context.init(null, new TrustManager[] {anybody}, null);
    return context;
  }

  /** The first line of the answer to an honest scrape. */
  private String scrape(String from, String to, boolean tls, String headers) throws Exception {
    return world.call(() -> {
      try (Socket socket = connect(from, to, tls)) {
        String request = REQUEST + headers + "Connection: close\r\n\r\n";
        socket.getOutputStream().write(request.getBytes(US_ASCII));
        String answer = new String(socket.getInputStream().readAllBytes(), US_ASCII);
        return answer.lines().findFirst().orElse("");
      }
    });
  }

  private void attack(Callable<Socket> connection, String text) throws Exception {
    world.call(() -> {
      for (int i = 0; i < CROWD; i++) {
        try {
          Socket socket = connection.call();
          crowd.add(socket);
          if (!text.isEmpty()) {
            socket.getOutputStream().write(text.getBytes(US_ASCII));
          }
        } catch (IOException e) {
          // It was closed for another one.
        }
      }
      return null;
    });
  }

  /** At once, without a farewell by TLS. */
  private void leave() throws IOException {
    for (Socket each : crowd) {
      each.setSoLinger(true, 0);
      each.close();
    }
    crowd.clear();
  }

  @ParameterizedTest
  @ValueSource(booleans = {false, true})
  void oneAddressKeepsNoOtherOut(boolean tls) throws Exception {
    try (AgentProcess agent = serve(tls ? TLS : "")) {
      for (Attack attack : Attack.values()) {
        attack(() -> connect(ATTACKER, tls), attack.text);
        for (int i = 0; i < SCRAPES; i++) {
          assertEquals("HTTP/1.1 200 OK", scrape(SCRAPER, SERVER, tls, ""), attack.name());
        }
        leave();
      }
      agent.awaitLog("connections of " + ATTACKER + " are closed");
    }
  }

  @Test
  void anIpv6NetworkIsOneClient() throws Exception {
    for (int i = 2; i < 52; i++) {
      world.ip("addr", "add", "fd09:1::" + i + "/64", "dev", "host", "nodad");
    }
    world.ip("addr", "add", "fd09:2::2/64", "dev", "host", "nodad");
    try (AgentProcess agent = serve("")) {
      Await.until(
          "its address is valid",
          () -> {
            try {
              return scrape("fd09:2::2", "fd09:2::1", false, "").endsWith("200 OK");
            } catch (IOException e) {
              return false;
            }
          });
      attack(
          () -> connect("fd09:1::" + (2 + crowd.size() % 50), "fd09:1::1", false),
          Attack.HALF_A_HEADER.text);
      for (int i = 0; i < SCRAPES; i++) {
        assertEquals("HTTP/1.1 200 OK", scrape("fd09:2::2", "fd09:2::1", false, ""));
      }
      agent.awaitLog("connections of fd09:1:0:0:0:0:0:0/64 are closed");
    }
  }

  /** The goodbye of TLS waits for whoever does not read, and must not make anybody else wait. */
  @Test
  void whoNeverReadsByTlsStopsNobodyAndIsSentAway() throws Exception {
    String config = TLS + "basic_auth_users: {prometheus: " + HORSE + "}\n";
    try (AgentProcess agent = serve(config)) {
      assertEquals("HTTP/1.1 200 OK", scrape(SCRAPER, SERVER, true, PASSWORD));
      byte[] requests = (REQUEST + "\r\n").repeat(300).getBytes(US_ASCII);
      List<Thread> attackers = new ArrayList<>();
      for (int i = 0; i < 4; i++) {
        Socket socket = world.call(() -> connect(ATTACKER, true));
        crowd.add(socket);
        // Until it is sent away.
        attackers.add(
            Thread.ofPlatform()
                .daemon()
                .start(() -> {
                  try {
                    while (true) {
                      socket.getOutputStream().write(requests);
                    }
                  } catch (IOException e) {
                    // As it is meant.
                  }
                }));
      }
      do {
        assertEquals("HTTP/1.1 200 OK", scrape(SCRAPER, SERVER, true, PASSWORD));
      } while (attackers.stream().anyMatch(Thread::isAlive));
      assertEquals(0, agent.stop());
    }
  }

  @Test
  void aPasswordThatIsRightHasItsTurnAmongGuessers() throws Exception {
    List<String> guessers = new ArrayList<>();
    for (int i = 100; i < 118; i++) {
      world.ip("addr", "add", "10.9.1." + i + "/24", "dev", "host");
      guessers.add("10.9.1." + i);
    }
    String wrong = PASSWORD.replace("cHJvb", "cHJva");
    String users = "alice: %1$s, prometheus: %1$s".formatted(DEAR_HORSE);
    try (AgentProcess agent = serve("basic_auth_users: {" + users + "}\n")) {
      List<Thread> guessing = new ArrayList<>();
      for (String guesser : guessers) {
        assertEquals("HTTP/1.1 401 Unauthorized", scrape(guesser, SERVER, false, wrong));
        guessing.add(guess(guesser, wrong));
      }
      assertEquals("HTTP/1.1 200 OK", scrape(SCRAPER, SERVER, false, PASSWORD));
      assertTrue(guessing.stream().allMatch(Thread::isAlive), "the guessers have given up");
      assertEquals(0, agent.stop());
    }
  }

  /** Goes on until the agent has ended. */
  private Thread guess(String from, String wrong) throws Exception {
    return world.call(() ->
        Thread.ofPlatform()
            .daemon()
            .start(() -> {
              try {
                while (true) {
                  try (Socket socket = connect(from, false)) {
                    String request = REQUEST + wrong + "Connection: close\r\n\r\n";
                    socket.getOutputStream().write(request.getBytes(US_ASCII));
                    socket.getInputStream().readAllBytes();
                  }
                }
              } catch (Exception e) {
                // The agent has ended.
              }
            }));
  }
}
