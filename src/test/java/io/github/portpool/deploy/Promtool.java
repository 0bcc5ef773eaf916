package io.github.portpool.deploy;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.github.portpool.e2e.Needs;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** promtool(1), which must not complain. */
final class Promtool {
  private static final String PROGRAM = "/usr/bin/promtool";

  private Promtool() {}

  /** Runs it in a directory and returns what it prints; skips the test where it is missing. */
  static String run(Path directory, String... arguments) throws Exception {
    Needs.program(PROGRAM, "prometheus");
    List<String> command = new ArrayList<>(List.of(PROGRAM));
    command.addAll(List.of(arguments));
    Process promtool =
        new ProcessBuilder(command).directory(directory.toFile()).redirectErrorStream(true).start();
    String output = new String(promtool.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    assertEquals(0, promtool.waitFor(), () -> command + "\n" + output);
    return output;
  }
}
