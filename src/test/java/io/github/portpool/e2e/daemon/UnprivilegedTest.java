package io.github.portpool.e2e.daemon;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.github.portpool.MostlyWaits;
import io.github.portpool.e2e.AgentProcess;
import io.github.portpool.e2e.Needs;
import io.github.portpool.e2e.Program;
import io.github.portpool.e2e.Program.Outcome;
import io.github.portpool.e2e.Scrape;
import io.github.portpool.oracle.Netns;
import io.github.portpool.snapshot.Feature;
import io.github.portpool.source.owner.Child;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The agent as a user without any rights: what sock_diag and /proc/sys show is for everyone. */
@MostlyWaits
class UnprivilegedTest {
  private static final List<String> NOBODY =
      List.of(
          "setpriv",
          "--reuid=65534",
          "--regid=65534",
          "--clear-groups",
          "--bounding-set=-all",
          "--inh-caps=-all",
          "--no-new-privs");

  private static final String UNSEEN = " INFO not available: ";
  private static final String SAYS_WHY = "; the page at / says why";

  @TempDir static Path readable;

  private static String classPath;

  @BeforeAll
  static void copyProgram() throws Exception {
    Needs.root();
    Needs.program("/usr/bin/setpriv", "util-linux");
    classPath = ReadableProgram.copyTo(readable);
    List<String> look = new ArrayList<>(NOBODY);
    look.addAll(
        List.of("sh", "-c", "test -x " + Program.java() + " && test -r " + readable.resolve("0")));
    assumeTrue(
        Program.run(new ProcessBuilder(look)).exitCode() == 0,
        "another user cannot read the JDK or the temporary directory");
  }

  @Test
  void itSamples() throws Exception {
    ProcessBuilder process = Program.process(NOBODY, classPath, AgentProcess.arguments());
    try (AgentProcess agent = AgentProcess.start(process)) {
      String status = Files.readString(Path.of("/proc", agent.pid() + "", "status"));
      assertTrue(status.contains("CapEff:\t0000000000000000\n"), status);
      assertTrue(status.contains("Uid:\t65534\t65534\t65534\t65534\n"), status);
      Scrape scrape = agent.scrape();
      assertEquals(1, scrape.value("portpool_sample_success{netns=\"host\"}"));
      assertTrue(scrape.value("portpool_capacity_ports{netns=\"host\"}") > 0);
      assertEquals(0, agent.stop());
    }
  }

  @Test
  void theStartTakesFiveLinesAndOneNamesEachFeatureThatIsMissingWithItsCure() throws Exception {
    ProcessBuilder process = Program.process(NOBODY, classPath, AgentProcess.arguments());
    try (AgentProcess agent = AgentProcess.start(process)) {
      Scrape scrape = agent.scrape();
      Set<String> missing =
          Arrays.stream(Feature.values())
              .map(Feature::label)
              .filter(
                  name -> scrape.value("portpool_feature_available{feature=\"" + name + "\"}") == 0)
              .collect(Collectors.toSet());
      String page = agent.http().get("/").text();
      assertEquals(0, agent.stop());

      List<String> log = agent.log();
      assertTrue(log.size() <= 5, log.toString());
      List<String> lines = log.stream().filter(each -> each.contains(UNSEEN)).toList();
      assertEquals(1, lines.size(), log.toString());
      String line = lines.getFirst().split(UNSEEN, 2)[1];
      assertTrue(line.endsWith(SAYS_WHY), line);
      List<String> said = List.of(line.replace(SAYS_WHY, "").split("; ", -1));
      assertEquals(
          missing, said.stream().map(each -> each.split(": ", -1)[0]).collect(Collectors.toSet()));
      for (String each : said) {
        String cure = each.split(": ", 2)[1];
        assertTrue(page.contains(cure), () -> cure + " is not on the page: " + page);
      }
      assertTrue(said.contains("processes: give the agent CAP_SYS_PTRACE and CAP_DAC_READ_SEARCH"));
    }
  }

  /** The program as nobody, with a /proc of its own. */
  private static ProcessBuilder withProc(String options) {
    List<String> prefix = new ArrayList<>();
    prefix.addAll(List.of("unshare", "-m", "sh", "-c"));
    prefix.add("mount -t proc -o " + options + " proc /proc && exec \"$@\"");
    prefix.add("sh");
    prefix.addAll(NOBODY);
    return Program.process(prefix, classPath, AgentProcess.arguments());
  }

  @Test
  void itSamplesWhereOthersProcessesAreHidden() throws Exception {
    try (AgentProcess agent = AgentProcess.start(withProc("hidepid=invisible"))) {
      Scrape scrape = agent.scrape();
      assertEquals(1, scrape.value("portpool_sample_success{netns=\"host\"}"));
      assertEquals(0, scrape.value("portpool_feature_available{feature=\"processes\"}"));
      assertEquals(0, agent.stop());
      List<String> said = agent.log().stream().filter(line -> line.contains(UNSEEN)).toList();
      assertEquals(1, said.size(), said.toString());
      assertTrue(said.getFirst().matches(".*[:;] processes: [^;]+; .*"), "no cure: " + said);
    }
  }

  @Test
  void itDoesNotStartWhereTheSettingsAreHidden() throws Exception {
    Outcome outcome = Program.run(withProc("subset=pid"));
    assertEquals(1, outcome.exitCode());
    assertEquals(1, outcome.err().size(), outcome.err().toString());
    assertTrue(outcome.err().getFirst().contains("mount /proc, without subset=pid"));
  }

  @Test
  void aPrivilegedPortFails() throws Exception {
    ProcessBuilder process =
        Program.process(NOBODY, classPath, "serve", "--web.listen-address=127.0.0.1:7");
    try (Netns netns = Netns.create()) {
      netns.sysctl("ip_unprivileged_port_start", "1024");
      refused(netns.call(() -> Program.run(process)));
    }
  }

  @Test
  void whatItMayNotSeeIsSaidOnThePage() throws Exception {
    try (Netns netns = Netns.create();
        Child child =
            Child.start(netns, "s = socket.create_server(('', 40000))\nready()\nwait()")) {
      child.answer();
      Outcome outcome =
          netns.call(() -> Program.run(Program.process(NOBODY, classPath, "who", "40000")));
      assertEquals(List.of(), outcome.err());
      assertEquals(0, outcome.exitCode());
      String first = outcome.out().getFirst();
      assertTrue(
          first.startsWith("Port 40000/tcp: an unseen process or the kernel (user root"), first);
      String page = String.join("\n", outcome.out());
      assertTrue(
          page.contains("\nNote: other network namespaces cannot be entered (setns(CLONE_NEWNET)"),
          page);
      assertTrue(page.contains("\nNote: only processes of user nobody are seen: give"), page);
    }
  }

  private static void refused(Outcome outcome) {
    assertEquals(
        List.of(
            "portpool: cannot listen on 127.0.0.1:7: Permission denied; choose another with"
                + " --web.listen-address"),
        outcome.err());
    assertEquals(1, outcome.exitCode());
  }

  @Test
  void aFileOfSomebodyElseFails() throws Exception {
    Path secret = Files.createFile(readable.resolve("secret.bin"));
    Files.setPosixFilePermissions(secret, PosixFilePermissions.fromString("rw-------"));
    Outcome replay =
        Program.run(Program.process(NOBODY, classPath, "serve", "--source=replay:" + secret));
    assertEquals(
        List.of("portpool: cannot replay " + secret + " (permission denied)"), replay.err());
    Outcome record = Program.run(Program.process(NOBODY, classPath, "record", secret.toString()));
    assertEquals(
        List.of("portpool: cannot record to " + secret + ": permission denied"), record.err());
    assertEquals(1, record.exitCode());
  }
}
