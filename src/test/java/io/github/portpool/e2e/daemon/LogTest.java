package io.github.portpool.e2e.daemon;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.google.gson.Gson;
import com.google.gson.JsonObject;
import io.github.portpool.MostlyWaits;
import io.github.portpool.e2e.AgentProcess;
import io.github.portpool.e2e.Program;
import io.github.portpool.e2e.Program.Outcome;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The log for programs. */
@MostlyWaits
class LogTest {
  private static final String HOSTILE = "a\"b\\c\n\u001b[31m\u2028<!--ü";

  @TempDir private Path folder;

  @Test
  void programsGetAnObjectOfJsonOnEachLine() throws Exception {
    try (AgentProcess agent = AgentProcess.serve("--log.format=json")) {
      assertEquals(0, agent.stop());
      List<JsonObject> log = agent.log().stream().map(LogTest::object).toList();
      assertEquals("stopped", log.getLast().get("msg").getAsString());
      for (JsonObject line : log) {
        assertEquals(Set.of("time", "level", "msg"), line.keySet());
        assertEquals("info", line.get("level").getAsString());
        assertTrue(Instant.parse(line.get("time").getAsString()).isBefore(Instant.now()));
      }
    }
  }

  @Test
  void whyItDoesNotStartIsInTheLogOfPrograms() throws Exception {
    Outcome outcome = failing("json");
    JsonObject line = object(outcome.err().getFirst());
    assertEquals("error", line.get("level").getAsString());
    String message = line.get("msg").getAsString();
    assertTrue(message.contains("a\"b\\c\\u000a\\u001b[31m\\u2028<!--ü"), message);
    assertTrue(outcome.err().getFirst().chars().allMatch(each -> each >= ' '));
  }

  @Test
  void logfmtQuotesWhatItIsGiven() throws Exception {
    String line = failing("logfmt").err().getFirst();
    assertTrue(line.matches("time=\\S+Z level=error msg=\"(\\\\.|[^\"\\\\])+\""), line);
    assertTrue(line.contains("a\\\"b\\\\c\\\\u000a"), line);
  }

  private Outcome failing(String format) throws Exception {
    Outcome outcome =
        Program.run(
            "serve", "--log.format=" + format, "--web.config.file=" + folder.resolve(HOSTILE));
    assertEquals(1, outcome.exitCode());
    assertEquals(1, outcome.err().size(), outcome.err().toString());
    return outcome;
  }

  private static JsonObject object(String line) {
    return new Gson().fromJson(line, JsonObject.class);
  }
}
