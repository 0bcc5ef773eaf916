package io.github.portpool.e2e.library;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.google.gson.Gson;
import com.google.gson.JsonObject;
import io.github.portpool.Await;
import io.github.portpool.MostlyWaits;
import io.github.portpool.NeedsHost;
import io.github.portpool.e2e.Http;
import io.github.portpool.e2e.Program;
import io.github.portpool.e2e.Program.Outcome;
import io.github.portpool.oracle.Netns;
import java.io.IOException;
import java.net.ConnectException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** An application of Spring Boot with what the library page says, built by Maven. */
@MostlyWaits
@NeedsHost
class SpringBootTest {
  private static final String FREE = "/actuator/metrics/portpool.worst.destination.free";
  private static final String TCP = "?tag=protocol:tcp";
  private static final String HEALTH = "/actuator/health";
  private static final InetAddress LOOPBACK = InetAddress.getLoopbackAddress();
  private static final Http HTTP = new Http(new InetSocketAddress(LOOPBACK, 8080));
  private static final Pattern PROPERTY = Pattern.compile("management\\.[\\w.-]+=[\\w,]+");
  private static final Pattern BLOCK = Pattern.compile("```java\n(.*?)```", Pattern.DOTALL);

  private static final String MAIN =
      """
      package shop;

      @org.springframework.boot.autoconfigure.SpringBootApplication
      public class Shop {
        public static void main(String[] arguments) {
          org.springframework.boot.SpringApplication.run(Shop.class, arguments);
        }
      }
      """;

  private static final String POM =
      """
      <project>
        <modelVersion>4.0.0</modelVersion>
        <parent>
          <groupId>org.springframework.boot</groupId>
          <artifactId>spring-boot-starter-parent</artifactId>
          <version>@version@</version>
        </parent>
        <groupId>shop</groupId><artifactId>shop</artifactId><version>1</version>
        <dependencies>
          <dependency><groupId>org.springframework.boot</groupId><artifactId>spring-boot-starter-web</artifactId></dependency>
          <dependency><groupId>org.springframework.boot</groupId><artifactId>spring-boot-starter-actuator</artifactId></dependency>
        </dependencies>
      </project>
      """;

  @TempDir private Path folder;

  @ParameterizedTest
  @CsvSource({"3.5.8, boot.actuate.health.", "4.0.0, boot.health.contributor."})
  void theActuatorShowsThePoolOfEachProtocol(String version, String health) throws Exception {
    build(version, block(0).replace("boot.health.contributor.", health));
    try (Netns netns = Netns.create()) {
      netns.range(40_000, 40_199);
      Process shop = netns.call(this::start);
      try (ServerSocket server = netns.call(() -> new ServerSocket(9000, 200, LOOPBACK))) {
        // The request that asks has a port, too.
        Await.until("the pool is there", () -> shows(netns, shop, FREE + TCP, 199));
        assertEquals("UP", json(netns, HEALTH).get("status").getAsString());
        connect(netns, server, 150);
        Await.until("the connections are seen", () -> shows(netns, shop, FREE + TCP, 50));
        Await.until(
            "UDP's are all free", () -> shows(netns, shop, FREE + "?tag=protocol:udp", 200));
        JsonObject down = json(netns, HEALTH);
        assertEquals("DOWN", down.get("status").getAsString());
        JsonObject pool = down.getAsJsonObject("components").getAsJsonObject("portPool");
        assertEquals(50, pool.getAsJsonObject("details").get("tcp").getAsDouble());
        assertEquals(200, pool.getAsJsonObject("details").get("udp").getAsDouble());
      } finally {
        stop(shop);
      }
    }
  }

  @ParameterizedTest
  @CsvSource({"3.5.8, boot.actuate.health.", "4.0.0, boot.health.contributor."})
  void withoutUdpTheActuatorAddsNothingUp(String version, String health) throws Exception {
    String alone = block(0).replace("boot.health.contributor.", health);
    build(version, alone.replaceAll("\\s+\\.withDetail\\(\"udp\".*", ""), block(1));
    try (Netns netns = Netns.create()) {
      netns.range(40_000, 40_199);
      Process shop = netns.call(this::start);
      try (ServerSocket server = netns.call(() -> new ServerSocket(9000, 200, LOOPBACK))) {
        connect(netns, server, 150);
        Await.until("TCP's alone is there", () -> shows(netns, shop, FREE, 50));
      } finally {
        stop(shop);
      }
    }
  }

  private static String block(int number) throws IOException {
    return BLOCK
        .matcher(Files.readString(Path.of("src/docs/library.md")))
        .results()
        .map(block -> block.group(1))
        .filter(block -> block.contains("springframework"))
        .skip(number)
        .findFirst()
        .orElseThrow();
  }

  private void build(String version, String... configurations) throws Exception {
    Files.writeString(folder.resolve("pom.xml"), POM.replace("@version@", version));
    String copy =
        "$(command -v mvn || echo ./mvnw) -q -B dependency:copy-dependencies -DincludeScope=runtime"
            + " -f $0/pom.xml -DoutputDirectory=$0/lib";
    ProcessBuilder maven =
        new ProcessBuilder("sh", "-c", copy + " -o || " + copy, folder.toString());
    maven.environment().put("JAVA_HOME", System.getProperty("java.home"));
    assumeTrue(Program.run(maven).exitCode() == 0, "Spring Boot " + version + " cannot be had");
    Path sources = Files.createDirectories(folder.resolve("shop"));
    List<String> javac =
        new ArrayList<>(
            List.of(
                Program.java().resolveSibling("javac").toString(),
                "-proc:none",
                "-d",
                classes().toString(),
                "-cp",
                classPath(),
                Files.writeString(sources.resolve("Shop.java"), MAIN).toString()));
    for (String configuration : configurations) {
      Path file =
          sources.resolve(configuration.replaceAll("(?s).*\nclass (\\w+).*", "$1") + ".java");
      javac.add(Files.writeString(file, "package shop;\n" + configuration).toString());
    }
    Outcome outcome = Program.run(new ProcessBuilder(javac));
    assertEquals(0, outcome.exitCode(), outcome::toString);
    String properties =
        PROPERTY
            .matcher(Files.readString(Path.of("src/docs/library.md")))
            .results()
            .map(MatchResult::group)
            .collect(Collectors.joining("\n"));
    Files.writeString(classes().resolve("application.properties"), properties);
  }

  private Path classes() throws IOException {
    return Files.createDirectories(folder.resolve("classes"));
  }

  private String classPath() throws IOException {
    return classes() + ":" + Application.program() + ":" + folder.resolve("lib") + "/*";
  }

  private Process start() throws IOException {
    ProcessBuilder shop =
        new ProcessBuilder(
            Program.java().toString(),
            "--enable-native-access=ALL-UNNAMED",
            "-cp",
            classPath(),
            "shop.Shop");
    shop.environment().keySet().removeIf(name -> name.endsWith("_OPTIONS"));
    return shop.redirectErrorStream(true).redirectOutput(log().toFile()).start();
  }

  private Path log() {
    return folder.resolve("log");
  }

  private void stop(Process shop) throws Exception {
    shop.toHandle().destroy();
    assertTrue(shop.waitFor(3, TimeUnit.MINUTES));
    String log = Files.readString(log());
    assertFalse(log.contains(" WARN ") || log.contains("Exception"), log);
  }

  /** Connections that stay, and are accepted by the kernel alone. */
  private static void connect(Netns netns, ServerSocket server, int count) throws Exception {
    for (int each = 0; each < count; each++) {
      netns.call(() -> new Socket(LOOPBACK, server.getLocalPort()));
    }
  }

  /** Whether a meter of the actuator has a value; false while it does not answer. */
  private boolean shows(Netns netns, Process shop, String path, double value) throws Exception {
    assertTrue(shop.isAlive(), Files.readString(log()));
    try {
      JsonObject meter = json(netns, path);
      JsonObject first = meter.getAsJsonArray("measurements").get(0).getAsJsonObject();
      return first.get("value").getAsDouble() == value;
    } catch (ConnectException e) {
      return false;
    }
  }

  private static JsonObject json(Netns netns, String path) throws Exception {
    return new Gson().fromJson(netns.call(() -> HTTP.get(path)).text(), JsonObject.class);
  }
}
