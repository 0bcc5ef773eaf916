package io.github.portpool.e2e.daemon;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.portpool.MostlyWaits;
import io.github.portpool.e2e.Needs;
import io.github.portpool.e2e.Program;
import io.github.portpool.e2e.Program.Outcome;
import io.github.portpool.source.bpf.NeedsBpf;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Exactly two capabilities read the kernel's tables; each refusal is said with its cure. */
@MostlyWaits
@NeedsBpf
class BpfRightsTest {
  private static final String CURE = "give the agent CAP_BPF and CAP_PERFMON";

  @TempDir static Path readable;

  private static String classPath;

  @BeforeAll
  static void copyProgram() throws Exception {
    Needs.root();
    Needs.program("/usr/bin/setpriv", "util-linux");
    classPath = ReadableProgram.copyTo(readable);
  }

  private static List<String> nobodyWith(String capabilities) {
    return List.of(
        "setpriv",
        "--reuid=65534",
        "--regid=65534",
        "--clear-groups",
        "--bounding-set=-all" + capabilities,
        "--inh-caps=-all" + capabilities,
        "--ambient-caps=-all" + capabilities,
        "--no-new-privs");
  }

  private static Outcome status(List<String> prefix, String source) throws Exception {
    return Program.run(
        Program.process(prefix, classPath, "status", "--json", "--source=" + source));
  }

  @ParameterizedTest
  @ValueSource(strings = {"bpf", "auto"})
  void twoCapabilitiesAreEnough(String source) throws Exception {
    Outcome outcome = status(nobodyWith(",+bpf,+perfmon"), source);
    assertEquals(0, outcome.exitCode(), outcome.toString());
    assertTrue(
        outcome.out().stream().noneMatch(line -> line.contains("exact_blocked")),
        outcome.toString());
  }

  @ParameterizedTest
  @ValueSource(strings = {"", ",+bpf", ",+perfmon"})
  void fewerAreRefusedWithTheCure(String capabilities) throws Exception {
    List<String> nobody = nobodyWith(capabilities);
    Outcome refused = status(nobody, "bpf");
    assertTrue(refused.exitCode() != 0, refused.toString());
    assertEquals(1, refused.err().size(), refused.toString());
    assertTrue(refused.err().getFirst().contains(CURE), refused.toString());
    Outcome without = status(nobody, "auto");
    assertEquals(0, without.exitCode(), without.toString());
    assertTrue(without.toString().contains(CURE), without.toString());
  }

  @Test
  void rootOfAUserNamespaceIsRefused() throws Exception {
    List<String> inside = new ArrayList<>(nobodyWith(""));
    inside.addAll(List.of("unshare", "--user", "--map-root-user"));
    Outcome refused = status(inside, "bpf");
    assertTrue(refused.exitCode() != 0, refused.toString());
    assertEquals(1, refused.err().size(), refused.toString());
  }
}
