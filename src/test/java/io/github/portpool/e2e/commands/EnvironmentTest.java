package io.github.portpool.e2e.commands;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.portpool.MostlyWaits;
import io.github.portpool.e2e.AgentProcess;
import io.github.portpool.e2e.Program;
import io.github.portpool.e2e.Program.Outcome;
import io.github.portpool.e2e.Scrape;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** Options come from the environment too, and the command line has the last word. */
@MostlyWaits
class EnvironmentTest {
  private static final String INTERVAL = "portpool_sample_interval_seconds";

  private static ProcessBuilder with(Map<String, String> environment, String... arguments) {
    ProcessBuilder process = Program.process(arguments);
    process.environment().putAll(environment);
    return process;
  }

  @Test
  void variablesAreDefaults() throws Exception {
    ProcessBuilder process =
        with(
            Map.of(
                "PORTPOOL_WEB_LISTEN_ADDRESS", "127.0.0.1:0",
                "PORTPOOL_SAMPLE_INTERVAL", "7s",
                "PORTPOOL_SAMPLE_CPU_BUDGET", "100%",
                "PORTPOOL_DESTINATIONS_TOP", "0",
                "PORTPOOL_WEB_DISABLE_EXPORTER_METRICS", "true",
                "PORTPOOL_LOG_LEVEL", ""),
            "serve");
    try (AgentProcess agent = AgentProcess.start(process)) {
      Scrape scrape = agent.scrape();
      assertEquals(7, scrape.value(INTERVAL));
      assertTrue(scrape.families().stream().allMatch(name -> name.startsWith("portpool_")));
      assertTrue(
          scrape.series().keySet().stream()
              .noneMatch(name -> name.startsWith("portpool_destination_")));
    }
  }

  @Test
  void theCommandLineWins() throws Exception {
    ProcessBuilder process =
        with(
            Map.of(
                "PORTPOOL_SAMPLE_INTERVAL", "7s",
                "PORTPOOL_WEB_LISTEN_ADDRESS", "[::1]:0",
                // What container images like to set: no option of serve.
                "PORTPOOL_VERSION", "0.1.0"),
            AgentProcess.arguments("--sample.interval=9s", "--sample.cpu-budget=100%"));
    try (AgentProcess agent = AgentProcess.start(process)) {
      assertEquals(9, agent.scrape().value(INTERVAL));
      assertTrue(agent.address().getAddress().getHostAddress().equals("127.0.0.1"));
      assertEquals(1, agent.log().stream().filter(line -> line.contains("listening on")).count());
    }
  }

  @Test
  void aRepeatedAddressIsOneMoreAddress() throws Exception {
    bothServe(Program.process(AgentProcess.arguments("--web.listen-address=127.0.0.2:0")));
  }

  @Test
  void aCommaInTheVariableParts() throws Exception {
    bothServe(with(Map.of("PORTPOOL_WEB_LISTEN_ADDRESS", "127.0.0.1:0,127.0.0.2:0"), "serve"));
  }

  private static void bothServe(ProcessBuilder process) throws Exception {
    try (AgentProcess agent = AgentProcess.start(process)) {
      assertEquals(200, agent.http(0).get("/metrics").status());
      assertEquals(200, agent.http(1).get("/metrics").status());
    }
  }

  /** As systemd makes it of a variable that is not set: that must not open the agent to all. */
  @Test
  void anEmptyWebConfigurationIsNotNone() throws Exception {
    Outcome outcome = Program.run(with(Map.of("PORTPOOL_WEB_CONFIG_FILE", ""), "serve"));
    assertEquals(2, outcome.exitCode());
    assertTrue(outcome.err().getFirst().contains("--web.config.file is empty: name a file"));
  }

  @Test
  void aBadVariableIsAUsageErrorToo() throws Exception {
    Outcome outcome = Program.run(with(Map.of("PORTPOOL_DESTINATIONS_TOP", "1001"), "serve"));
    assertEquals(
        List.of(
            "portpool: Invalid value for option '--destinations.top': '1001' is not a number from"
                + " 0 to 1000",
            "Try 'portpool serve --help'."),
        outcome.err());
    assertEquals(2, outcome.exitCode());
  }
}
