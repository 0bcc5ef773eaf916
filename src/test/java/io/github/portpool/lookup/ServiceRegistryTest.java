package io.github.portpool.lookup;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.portpool.MostlyWaits;
import io.github.portpool.e2e.Needs;
import io.github.portpool.host.Printable;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.LocalDate;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ServiceRegistryTest {
  private static final Path RESOURCE = Path.of("src/main/resources/services.tsv");

  @TempDir Path directory;

  @Test
  void namesTheServicesOfAPort() {
    assertEquals(
        List.of("ssh tcp", "ssh udp", "ssh sctp"),
        ServiceRegistry.of(22).stream().map(each -> each.name() + " " + each.protocol()).toList());
    assertEquals(List.of(), ServiceRegistry.of(60_696));
    assertEquals(List.of(), ServiceRegistry.of(0));
    assertTrue(ServiceRegistry.of(9100).stream().allMatch(each -> !each.description().isEmpty()));
  }

  @Test
  void hasADate() {
    assertTrue(ServiceRegistry.updated().isAfter(LocalDate.of(2026, 1, 1)));
  }

  @Test
  void isWellFormed() throws Exception {
    List<String> lines = Files.readAllLines(RESOURCE);
    int before = 0;
    for (String line : lines.subList(1, lines.size())) {
      String[] columns = line.split("\t", -1);
      assertEquals(4, columns.length, line);
      int port = Integer.parseInt(columns[0]);
      assertTrue(port >= before && port <= 49_151, line);
      assertTrue(
          Set.of("tcp", "udp", "sctp", "dccp").containsAll(List.of(columns[1].split(","))), line);
      assertFalse(columns[2].isBlank(), line);
      assertEquals(line.replace("\t", ""), Printable.oneLine(line.replace("\t", "")));
      before = port;
    }
    assertTrue(lines.size() > 6000);
  }

  @Test
  @MostlyWaits
  void isRenewedFromACopyOfIanasFile() throws Exception {
    Needs.program("/usr/bin/python3", "python3");
    Path copy = directory.resolve("copy.csv");
    Files.writeString(
        copy,
        """
        Service Name,Port Number,Transport Protocol,Description,Assignee
        zebra,70-71,tcp,"Two, ports
            on two lines",[A]
        ,72,tcp,Unassigned,
        ant,7,udp,Small,[B]
        ant,7,tcp,Small,[B]
        anywhere,,tcp,No port,[C]
        """);
    Path renewed = directory.resolve("services.tsv");
    Process script =
        new ProcessBuilder(
                "src/build/renew-services", "--from", copy.toString(), "--to", renewed.toString())
            .redirectErrorStream(true)
            .start();
    String said = new String(script.getInputStream().readAllBytes(), UTF_8);
    assertEquals(0, script.waitFor(), said);
    List<String> lines = Files.readAllLines(renewed);
    assertEquals(
        List.of(
            "7\ttcp,udp\tant\tSmall",
            "70\ttcp\tzebra\tTwo, ports on two lines",
            "71\ttcp\tzebra\tTwo, ports on two lines"),
        lines.subList(1, lines.size()));
  }
}
