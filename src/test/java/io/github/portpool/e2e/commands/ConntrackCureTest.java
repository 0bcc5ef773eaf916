package io.github.portpool.e2e.commands;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.github.portpool.NeedsHost;
import io.github.portpool.e2e.Needs;
import io.github.portpool.e2e.Program;
import io.github.portpool.linux.NetworkNamespace;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/**
 * The cure of a full table of connections, which can be tried on the host itself alone: its limit
 * is lowered for a moment, and entries without traffic are put into it.
 */
@NeedsHost
class ConntrackCureTest {
  private static final Path LIMIT = Path.of("/proc/sys/net/netfilter/nf_conntrack_max");
  private static final int ENTRIES = 90;

  private String limit = "";

  @BeforeEach
  void fill() throws Exception {
    Needs.root();
    Needs.program("/usr/sbin/conntrack", "conntrack");
    Needs.program("/usr/sbin/sysctl", "procps");
    assumeTrue(Files.isWritable(LIMIT), "nf_conntrack is not loaded");
    assumeTrue(NetworkNamespace.isFirst(), "the limit belongs to the host's first namespace");
    limit = value("nf_conntrack_max");
    int there = Integer.parseInt(value("nf_conntrack_count"));
    for (int entry = 0; entry < ENTRIES; entry++) {
      run(
          "conntrack -I -p udp -s 192.0.2.1 -d 192.0.2.2 --dport 9 -t 300 --sport "
              + (1000 + entry));
    }
    Files.writeString(LIMIT, String.valueOf(there + 100));
  }

  @AfterEach
  void restore() throws Exception {
    if (!limit.isEmpty()) {
      Files.writeString(LIMIT, limit);
      assertEquals(limit, value("nf_conntrack_max"));
      Program.run(new ProcessBuilder("conntrack", "-D", "-s", "192.0.2.1"));
    }
  }

  /** By sysctl(8): such a file answers its first read alone, and Java's first is of one byte. */
  private static String value(String name) throws Exception {
    return run("sysctl -n net.netfilter." + name).getFirst();
  }

  private static List<String> run(String command) throws Exception {
    Program.Outcome outcome = Program.run(new ProcessBuilder("sh", "-c", command));
    assertEquals(0, outcome.exitCode(), command + ": " + outcome);
    return outcome.out();
  }

  private static List<String> doctor() throws Exception {
    return Program.run(Program.process("doctor")).out();
  }

  private static boolean isFound(List<String> said) {
    return said.stream().anyMatch(line -> line.contains("connection tracking table"));
  }

  @Test
  void theCommandAsPrintedLeavesRoom() throws Exception {
    List<String> said = doctor();
    assertTrue(isFound(said), said.toString());
    String command =
        said.stream()
            .map(String::strip)
            .filter(line -> line.startsWith("sysctl -w net.netfilter.nf_conntrack_max="))
            .findFirst()
            .orElseThrow();
    run(command);
    assertFalse(isFound(doctor()));
  }
}
