package io.github.portpool.export.text;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.google.gson.Gson;
import com.google.gson.JsonObject;
import io.github.portpool.export.json.PortJson;
import io.github.portpool.lookup.ServiceRegistry;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;

/**
 * Pages and JSON, held against reviewed files; {@code -Dportpool.golden.update=true} rewrites them.
 */
class WhoTextTest {
  private static final Path GOLDEN = Path.of("src/test/resources/golden");
  private static final String NO_AGENT =
      "no agent answers at http://localhost:10696, so there is no history";

  private static final String PAGES =
      String.join(
          "\n----\n",
          WhoText.of(SampleReports.listeners(), NO_AGENT, false),
          WhoText.of(SampleReports.timeWait(), NO_AGENT, false),
          WhoText.of(SampleReports.nothing(), NO_AGENT, false),
          WhoText.of(SampleReports.hidden(), NO_AGENT, false),
          WhoText.ofProcess(SampleReports.process(), false),
          WhoText.ofProcess(SampleReports.noProcess(), false));

  private static final String JSON =
      PortJson.of(List.of(SampleReports.listeners(), SampleReports.timeWait()))
          + PortJson.ofProcess(SampleReports.process());

  @Test
  void thePagesAreTheReviewedOnes() throws IOException {
    golden("who.txt", PAGES);
  }

  @Test
  void theJsonIsTheReviewedOne() throws IOException {
    golden("who.json", JSON);
  }

  private static void golden(String name, String text) throws IOException {
    String settled = text.replace(ServiceRegistry.updated().toString(), "REGISTRY-DATE");
    Path file = GOLDEN.resolve(name);
    if (Boolean.getBoolean("portpool.golden.update")) {
      Files.writeString(file, settled);
    }
    assertEquals(Files.readString(file), settled);
  }

  @Test
  void nothingThatIsReadControlsATerminal() {
    PAGES
        .codePoints()
        .filter(point -> point != '\n')
        .forEach(point -> {
          int type = Character.getType(point);
          assertTrue(
              type != Character.CONTROL
                  && type != Character.FORMAT
                  && type != Character.LINE_SEPARATOR
                  && type != Character.PARAGRAPH_SEPARATOR,
              () -> "U+" + Integer.toHexString(point));
        });
  }

  @Test
  void theJsonParsesAndIsSafeInHtml() {
    String json = PortJson.of(SampleReports.listeners());
    assertEquals(-1, json.indexOf('<'));
    assertEquals(
        SampleReports.HOSTILE,
        new Gson()
            .fromJson(json, JsonObject.class)
            .getAsJsonArray("sockets")
            .get(2)
            .getAsJsonObject()
            .getAsJsonObject("process")
            .get("name")
            .getAsString());
  }
}
