package io.github.portpool.kernels;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.portpool.NeedsHost;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.condition.EnabledIfSystemProperty;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * The tests that ask the kernel, under the kernels of other releases of Debian: {@code make
 * kernels}. The system property names the suites.
 */
@NeedsHost
@EnabledIfSystemProperty(named = "portpool.kernels", matches = ".+")
class KernelsTest {
  private static final List<String> TESTS =
      List.of(
          "oracle.UnseenSocketsTest",
          "oracle.TimeWaitReuseTest",
          "oracle.OracleTest",
          "source.sockdiag.LiveKernelTest",
          "source.bpf.BpfContractTest",
          "source.sockdiag.SockDiagContractTest",
          "source.failures.PerfFailuresTest",
          "kernels.PerfRightsTest",
          "oracle.NamespacesTest",
          "oracle.NatTest",
          "e2e.commands.CheckTest");

  private static final Pattern LINE =
      Pattern.compile("PORTPOOL (passed|failed|skipped) (.*)|PORTPOOL end (\\S+)");

  static Stream<String> suites() {
    return Stream.of(System.getProperty("portpool.kernels", "").split(","));
  }

  @ParameterizedTest
  @MethodSource("suites")
  void theAgentIsRightUnderTheKernelOf(String suite) throws Exception {
    Path log = Path.of("target", "kernels-" + suite + ".log");
    long begun = System.nanoTime();
    ProcessBuilder boot =
        new ProcessBuilder(
            Stream.concat(
                    Stream.of("src/kernels/boot", suite, System.getProperty("java.class.path")),
                    TESTS.stream().map("io.github.portpool."::concat))
                .toList());
    boot.environment().put("JAVA_HOME", System.getProperty("java.home"));
    boot.redirectErrorStream(true).redirectOutput(log.toFile());
    assertEquals(0, boot.start().waitFor(), () -> "see " + log);
    List<MatchResult> lines = LINE.matcher(Files.readString(log)).results().toList();
    List<String> failed = named(lines, "failed");
    List<String> skipped = named(lines, "skipped");
    System.out.printf(
        "%-10s %-28s %3d passed, %d failed, %d skipped, %d s%n",
        suite,
        lines.isEmpty() ? "" : lines.getLast().group(3),
        named(lines, "passed").size(),
        failed.size(),
        skipped.size(),
        (System.nanoTime() - begun) / 1_000_000_000);
    skipped.forEach(test -> System.out.println("  skipped " + test));
    assertEquals(List.of(), failed);
    assertTrue(!lines.isEmpty() && lines.getLast().group(3) != null, () -> "no end in " + log);
  }

  private static List<String> named(List<MatchResult> lines, String outcome) {
    return lines.stream()
        .filter(line -> outcome.equals(line.group(1)))
        .map(line -> line.group(2))
        .toList();
  }
}
