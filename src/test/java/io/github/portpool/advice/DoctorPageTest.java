package io.github.portpool.advice;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.portpool.e2e.Golden;
import io.github.portpool.export.json.DoctorJson;
import io.github.portpool.export.text.DoctorText;
import io.github.portpool.export.text.Style;
import io.github.portpool.snapshot.Feature;
import io.github.portpool.snapshot.Protocol;
import org.junit.jupiter.api.Test;

/** What the doctor prints, held against reviewed files. */
class DoctorPageTest {
  /** All is wrong that can be. */
  private static Diagnosis sick() {
    return Doctor.judge(
        new Host()
            .range(30_000, 40_000)
            .reserved("8080,35001")
            .settings(0, 0)
            .kubernetes("process kubelet (pid 7)")
            .listener(Protocol.TCP, 33_060, 1, 5)
            .listener(Protocol.UDP, 35_000, 2, 5)
            .listener(Protocol.TCP, 50_000, 3, 5)
            .connections(6000, "10.0.0.2", 5432)
            .holder(5, 800, 500, 100, 200, 0)
            .timeWait(2000, 2000)
            .untrackedConnections(5)
            .conntrack(262_144, 262_144)
            .process(1, 812, "mysqld")
            .group(5, "/system.slice/mysql.service")
            .unavailable(
                Feature.PROCESSES,
                "only processes of user app are seen: give the agent CAP_SYS_PTRACE and"
                    + " CAP_DAC_READ_SEARCH")
            .facts());
  }

  @Test
  void aSickHost() throws Exception {
    Golden.assertText("doctor.txt", DoctorText.of(sick(), Style.PLAIN, 80));
    Golden.assertText("doctor.json", DoctorJson.of(sick()));
  }

  @Test
  void aSickHostInColour() throws Exception {
    Golden.assertText("doctor-colour.txt", DoctorText.of(sick(), Style.COLOUR, 80));
  }

  @Test
  void aHealthyHost() {
    assertEquals(
        """
        portpool doctor at 2026-11-24T12:00:00Z, ephemeral range 32768-60999
        Ports OK: 28232 of 28232 ports free toward any TCP destination (0.0 % used)
        Nothing is wrong.
        """,
        DoctorText.of(Doctor.judge(new Host().facts()), Style.PLAIN, 80));
  }

  @Test
  void hostileNamesChangeNothingButThemselves() {
    Diagnosis diagnosis =
        Doctor.judge(
            new Host()
                .listener(Protocol.TCP, 33_060, 1, 5)
                .process(1, 812, "\u001b[2J\n\u202eevil")
                .group(5, "/x\u009b\ny")
                .facts());
    String page = DoctorText.of(diagnosis, Style.PLAIN, 80);
    assertTrue(page.contains("\\u001b[2J\\u000a\\u202eevil (pid 812)"), page);
    assertTrue(page.chars().allMatch(each -> each == '\n' || (each >= ' ' && each < 0x7f)), page);
  }
}
