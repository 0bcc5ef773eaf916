package io.github.portpool.readme;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assertions.fail;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.github.portpool.MostlyWaits;
import io.github.portpool.oracle.Netns;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.api.parallel.ResourceAccessMode;
import org.junit.jupiter.api.parallel.ResourceLock;

/**
 * Runs each command of the documents in a copy of the checkout that was never built, in a network
 * namespace where the default port is free.
 */
@MostlyWaits
@Order(2)
@ResourceLock(value = MostlyWaits.FAILED_CONNECTS, mode = ResourceAccessMode.READ)
class ReadmeTest {
  private static final Path CHECKOUT = Path.of("").toAbsolutePath();
  private static final Pattern SHELL_BLOCK = Pattern.compile("```sh\n(.*?)```", Pattern.DOTALL);
  private static final long BUILD_SECONDS = 600;

  @TempDir private Path copy;
  private Netns netns;
  private final List<Process> agents = new ArrayList<>();

  @BeforeEach
  void copyCheckout() throws Exception {
    netns = Netns.create();
    for (String program : List.of("curl", "git", "make")) {
      assumeTrue(
          run(CHECKOUT, "command -v " + program).status() == 0,
          program + " is missing: install it");
    }
    assumeTrue(Files.exists(CHECKOUT.resolve(".git")), "this is no git checkout");
    Result files = run(CHECKOUT, "git ls-files --cached --others --exclude-standard");
    for (String name : files.output().lines().toList()) {
      Path file = CHECKOUT.resolve(name);
      if (Files.isRegularFile(file)) {
        Path to = copy.resolve(name);
        Files.createDirectories(to.getParent());
        Files.copy(file, to, StandardCopyOption.COPY_ATTRIBUTES);
      }
    }
  }

  @AfterEach
  void stopAgents() throws Exception {
    for (Process agent : agents) {
      agent.destroy();
      agent.waitFor();
    }
    if (netns != null) {
      netns.close();
    }
  }

  @Test
  void everyCommandWorks() throws Exception {
    // The first command builds, which needs the package registry; the namespace has no way there.
    assertEquals(0, run(copy, "./portpool --version").status());
    int commands = 0;
    for (Path document : DocumentsTest.documents()) {
      if (document.startsWith("deploy")) {
        continue; // its commands take a cluster, or an image
      }
      Matcher blocks = SHELL_BLOCK.matcher(Files.readString(document));
      while (blocks.find()) {
        for (String command : blocks.group(1).lines().toList()) {
          check(command);
          commands++;
        }
      }
    }
    assertTrue(commands >= 5, "the documents have commands");
  }

  private void check(String command) throws Exception {
    if (command.startsWith("./portpool serve")) {
      serve(command);
    } else if (command.startsWith("make ")) {
      // What it runs is what is running this test; whether make knows it is not.
      assertEquals(0, run(copy, "make --dry-run " + command.substring(5)).status(), command);
    } else if (command.startsWith("./mvnw test -Dtest=")) {
      String name = command.replaceAll(".*=|'|#.*", "");
      try (Stream<Path> files = Files.walk(CHECKOUT.resolve("src/test/java"))) {
        assertEquals(1, files.filter(file -> file.endsWith(name + ".java")).count(), command);
      }
    } else if (command.startsWith("curl ") || command.startsWith("./portpool ")) {
      Result result = netns.call(() -> run(copy, command));
      boolean fine = result.status() == 0 || mayFind(command, result.status());
      assertTrue(fine, command + ": " + result.status() + ": " + result.output());
      assertFalse(result.output().isBlank(), command);
    } else {
      fail("no test knows how to run: " + command);
    }
  }

  /** Whether an exit code says no more than that something is wrong with the host. */
  private static boolean mayFind(String command, int status) {
    return command.startsWith("./portpool doctor")
        ? status == 1
        : command.contains("--namespaces=all") && status <= 2;
  }

  /** Starts the agent, in place of one that an earlier command started. */
  private void serve(String command) throws Exception {
    for (Process agent : agents) {
      agent.destroy();
      agent.waitFor();
    }
    Process agent =
        netns.call(() ->
            new ProcessBuilder("sh", "-c", "exec " + command)
                .directory(copy.toFile())
                .redirectErrorStream(true)
                .redirectOutput(copy.resolve("agent.log").toFile())
                .start());
    agents.add(agent);
    String ready = "curl -sf http://localhost:10696/-/ready";
    for (int attempt = 0; netns.call(() -> run(copy, ready)).status() != 0; attempt++) {
      assertTrue(agent.isAlive() && attempt < 300, () -> command + ": " + log());
      Thread.sleep(100);
    }
  }

  private String log() {
    try {
      return Files.readString(copy.resolve("agent.log"));
    } catch (IOException e) {
      return e.toString();
    }
  }

  private record Result(int status, String output) {}

  private static Result run(Path directory, String command)
      throws IOException, InterruptedException {
    Process process =
        new ProcessBuilder("sh", "-c", command)
            .directory(directory.toFile())
            .redirectErrorStream(true)
            .start();
    String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    if (!process.waitFor(BUILD_SECONDS, TimeUnit.SECONDS)) {
      process.destroyForcibly();
    }
    return new Result(process.waitFor(), output);
  }
}
