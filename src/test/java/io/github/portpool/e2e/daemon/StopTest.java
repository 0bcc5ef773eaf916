package io.github.portpool.e2e.daemon;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.portpool.MostlyWaits;
import io.github.portpool.e2e.AgentProcess;
import io.github.portpool.e2e.Program;
import java.net.Socket;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** How the agent ends, and what its log is like. */
@MostlyWaits
class StopTest {
  private static final String PLAIN =
      "\\d{4}-\\d\\d-\\d\\dT\\d\\d:\\d\\d:\\d\\d(\\.\\d{3})?Z [A-Z]+ .+";

  @Test
  void sigtermIsAnOrderlyEnd() throws Exception {
    try (AgentProcess agent = AgentProcess.serve();
        Socket idle = agent.http().connect()) {
      assertTrue(idle.isConnected());
      assertEquals(0, agent.stop());
      List<String> log = agent.log();
      assertTrue(log.getFirst().contains(" INFO portpool "), log.toString());
      assertTrue(log.getLast().endsWith(" INFO stopped"), log.toString());
      assertTrue(log.stream().allMatch(line -> line.matches(PLAIN)), log.toString());
    }
  }

  @Test
  void theJournalGetsLevels() throws Exception {
    // What systemd does: the variable names the stream that standard error leads to.
    ProcessBuilder process = Program.process(AgentProcess.arguments());
    List<String> shell =
        new ArrayList<>(
            List.of(
                "sh",
                "-c",
                "export JOURNAL_STREAM=$(stat -L -c %d:%i /proc/self/fd/2); exec \"$@\"",
                "sh"));
    shell.addAll(process.command());
    process.command(shell);
    try (AgentProcess agent = AgentProcess.start(process)) {
      assertEquals(0, agent.stop());
      List<String> log = agent.log();
      assertTrue(log.stream().allMatch(line -> line.matches("<[3-7]>\\S.*")), log.toString());
      assertEquals("<6>stopped", log.getLast());
    }
  }

  @Test
  void anInheritedVariableDoesNotMakeAJournal() throws Exception {
    ProcessBuilder process = Program.process(AgentProcess.arguments());
    process.environment().put("JOURNAL_STREAM", "8:12345");
    try (AgentProcess agent = AgentProcess.start(process)) {
      assertEquals(0, agent.stop());
      assertTrue(agent.log().stream().allMatch(line -> line.matches(PLAIN)));
    }
  }
}
