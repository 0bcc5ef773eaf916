package io.github.portpool.export.json;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.portpool.export.text.SampleReports;
import io.github.portpool.linux.netlink.Fuzz;
import io.github.portpool.lookup.LastSeen;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class HistoryJsonTest {
  private static final long SEED = 20_261_124;

  @Test
  void readsWhatWasWritten() {
    assertEquals(
        SampleReports.timeWait().history(),
        HistoryJson.read(PortJson.of(SampleReports.timeWait())));
    assertEquals(List.of(), HistoryJson.read("{\"history\": []}"));
    assertNull(HistoryJson.read("{\"history\": null}"));
  }

  @Test
  void passesOverWhatIsNewAndEscapesWhatIsHostile() {
    List<LastSeen> history =
        HistoryJson.read(
            """
            {"new": [{}], "history": [{"netns": "a\\u001b[31m\\n\\u202e", "protocol": "udp",
             "state": "unconnected", "since": "2026-11-24T00:00:00Z", "last":
             "2026-11-24T00:00:01Z", "more": 1, "owner": {"user": "\\u0000", "new": [1],
             "controlGroup": {"path": "/", "unit": null}, "seen": "2026-11-24T00:00:00Z"}}]}
            """);
    assertNotNull(history);
    assertEquals("a\\u001b[31m\\u000a\\u202e", history.getFirst().netns());
    LastSeen.Owner owner = history.getFirst().owner();
    assertNotNull(owner);
    assertEquals("\\u0000", owner.user());
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "null",
        "[]",
        "7",
        "{",
        "{}",
        "{\"history\": []} {}",
        "{\"history\": 7}",
        "{\"history\": [7]}",
        "{\"history\": [{}]}",
        "<html>404</html>",
        "{\"history\": [{\"netns\": \"host\", \"protocol\": \"sctp\", \"state\": \"listen\","
            + " \"since\": \"2026-11-24T00:00:00Z\", \"last\": \"2026-11-24T00:00:00Z\"}]}",
        "{\"history\": [{\"netns\": \"host\", \"protocol\": \"tcp\", \"state\": \"listen\","
            + " \"since\": \"yesterday\", \"last\": \"2026-11-24T00:00:00Z\"}]}",
      })
  void anythingElseIsNoReport(String text) {
    assertThrows(IllegalArgumentException.class, () -> HistoryJson.read(text));
  }

  @Test
  void deepNestingIsNoReport() {
    String deep = "[".repeat(500_000);
    assertThrows(IllegalArgumentException.class, () -> HistoryJson.read("{\"a\": " + deep));
    assertThrows(IllegalArgumentException.class, () -> HistoryJson.read("{\"history\": " + deep));
  }

  @Test
  void spoiltReportsAreReadOrRefused() {
    byte[] good = PortJson.of(SampleReports.timeWait()).getBytes(StandardCharsets.UTF_8);
    int refused = 0;
    for (int i = 0; i < Fuzz.cases(3000); i++) {
      byte[] bytes = Fuzz.spoil(good, new Random(SEED + i));
      try {
        HistoryJson.read(new String(bytes, StandardCharsets.UTF_8));
      } catch (IllegalArgumentException e) {
        refused++;
      }
    }
    assertTrue(refused > 0);
  }
}
