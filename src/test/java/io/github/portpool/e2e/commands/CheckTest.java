package io.github.portpool.e2e.commands;

import static io.github.portpool.oracle.Kernel.check;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.portpool.MostlyWaits;
import io.github.portpool.e2e.Program;
import io.github.portpool.e2e.Program.Outcome;
import io.github.portpool.oracle.Kernel.Server;
import io.github.portpool.oracle.Netns;
import io.github.portpool.oracle.Population;
import io.github.portpool.oracle.TestSocket;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.parallel.ResourceLock;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The answer of {@code check --to} is what the kernel then does. */
@MostlyWaits
@Order(1)
@ResourceLock(MostlyWaits.FAILED_CONNECTS)
class CheckTest {
  private static final int FIRST = 20_000;
  private static final int PORTS = 100;
  private static final int EADDRNOTAVAIL = 99;
  private static final Pattern FREE = Pattern.compile("- (?:at most )?(\\d+) of \\d+ ports free");

  private Netns netns;
  private Population population;
  private Server web;
  private Server database;

  @BeforeEach
  void makeNamespace() throws Exception {
    netns = Netns.create();
    netns.range(FIRST, FIRST + PORTS - 1);
    netns.sysctl("tcp_tw_reuse", "0");
    netns.address("10.7.0.1");
    netns.address("fd00::7");
    netns.call(() -> {
      population = new Population();
      web = new Server(80);
      database = new Server(5432);
      return null;
    });
  }

  @AfterEach
  void removeNamespace() {
    population.close();
    web.close();
    database.close();
    netns.close();
  }

  /** Asks for a destination and then connects to it, as programs do that choose no source. */
  private void agree(int free, String address, int port) throws Exception {
    String to = (address.contains(":") ? "[" + address + "]" : address) + ":" + port;
    Outcome outcome = netns.call(() -> Program.run("check", "--to=" + to));
    assertEquals(1, outcome.out().size());
    Matcher matcher = FREE.matcher(outcome.out().getFirst());
    assertTrue(matcher.find(), outcome.out().getFirst());
    assertEquals(free, Integer.parseInt(matcher.group(1)), outcome.out().getFirst());
    assertEquals(free, (int) netns.call(() -> connects(address, port)), to);
  }

  private static int connects(String address, int port) {
    List<TestSocket> made = new ArrayList<>();
    try {
      while (true) {
        TestSocket socket = TestSocket.tcp(address.contains(":")).resetOnClose();
        made.add(socket);
        int errno = socket.connect(address, port);
        if (errno == EADDRNOTAVAIL) {
          return made.size() - 1;
        }
        check(errno);
      }
    } finally {
      made.forEach(TestSocket::close);
    }
  }

  @Test
  void anEmptyPool() throws Exception {
    agree(PORTS, "127.0.0.1", 80);
  }

  @Test
  void connectionsCountTowardTheirDestination() throws Exception {
    netns.call(() -> {
      for (int i = 0; i < 60; i++) {
        check(population.connect("127.0.0.1", "127.0.0.1", web));
      }
      for (int i = 0; i < 30; i++) {
        check(population.connect("::1", "::1", web));
        population.timeWait("127.0.0.1", "127.0.0.1", database);
      }
      return null;
    });
    agree(40, "127.0.0.1", 80);
    agree(70, "127.0.0.1", 5432);
    agree(70, "::1", 80);
    agree(PORTS, "10.7.0.1", 80);
    agree(PORTS, "fd00::7", 80);
  }

  @Test
  void whatIsBoundCountsTowardAll() throws Exception {
    netns.call(() -> {
      check(population.listen(TestSocket.tcp(false), "127.0.0.9", FIRST));
      check(population.bind(TestSocket.tcp(true), "::1", FIRST + 1));
      check(population.bindThenConnect("127.0.0.1", FIRST + 2, "127.0.0.1", web));
      for (int i = 0; i < 10; i++) {
        check(population.connect("10.7.0.1", "10.7.0.1", web));
      }
      return null;
    });
    agree(97, "127.0.0.1", 80);
    agree(87, "10.7.0.1", 80);
    agree(97, "::1", 5432);
  }

  @Test
  void aFullDestinationIsCritical() throws Exception {
    netns.call(() -> {
      for (int i = 0; i < PORTS; i++) {
        check(population.connect("127.0.0.1", "127.0.0.1", web));
      }
      return null;
    });
    agree(0, "127.0.0.1", 80);
    agree(PORTS, "127.0.0.1", 5432);
    Outcome outcome = netns.call(() -> Program.run("check"));
    assertEquals(2, outcome.exitCode());
    String line = outcome.out().getFirst();
    long me = ProcessHandle.current().pid();
    assertTrue(
        line.startsWith(
            "PORTPOOL CRITICAL - 0 of 100 ports free toward the worst TCP destination 127.0.0.1:80"
                + " (100.0 % used); by 100 ESTABLISHED: java (pid "
                + me
                + "), user root"),
        line);
    assertTrue(
        line.endsWith(
            "; next: let java share or close its connections to 127.0.0.1:80 (pooling), or restart"
                + " it; a wider range (net.ipv4.ip_local_port_range) gains time |"
                + " tcp_worst_used=100;79;94;0;100 udp_used=0;79;94;0;100"
                + " bind_used=100;79;94;0;100"),
        line);
  }

  @ParameterizedTest
  @CsvSource({"81%, 95%, 0", "80%, 95%, 1", "79%, 80%, 2", "1, 100, 1"})
  void anExitCodeForEachState(String warning, String critical, int exitCode) throws Exception {
    netns.call(() -> {
      for (int i = 0; i < 80; i++) {
        check(population.connect("127.0.0.1", "127.0.0.1", web));
      }
      return null;
    });
    Outcome outcome =
        netns.call(() -> Program.run("check", "--warning=" + warning, "--critical=" + critical));
    assertEquals(exitCode, outcome.exitCode(), outcome.out().toString());
    assertEquals(List.of(), outcome.err());
  }

  @Test
  void whereNoRouteLeads() throws Exception {
    unknown(
        "no route to 192.0.2.1 (Network is unreachable): name a host that can be reached",
        "check",
        "--to=192.0.2.1:80");
  }

  @Test
  void withoutAUdpPortTheSourceIsNotKnown() throws Exception {
    netns.range(FIRST, FIRST + 3);
    netns.call(() -> {
      for (int i = 0; i < 4; i++) {
        check(population.bind(TestSocket.udp(false), "0.0.0.0", 0));
      }
      return null;
    });
    unknown(
        "no UDP port is free to find the source address with: end what holds them all",
        "check",
        "--to=127.0.0.1:80");
  }

  @Test
  void whatCannotBeCheckedIsUnknown() throws Exception {
    unknown(
        "Invalid value for option '--to': 'db' is not a destination: write it as db.example:5432"
            + " or [2001:db8::1]:443",
        "check",
        "--to=db");
    unknown("--critical must not be below --warning", "check", "--warning=96%");
    unknown("Unknown option: '--loud/\\u000a'", "check", "--loud|\n");
    unknown(
        "there is no file /none: write one with portpool record", "check", "--source=replay:/none");
  }

  private void unknown(String sentence, String... arguments) throws Exception {
    Outcome outcome = netns.call(() -> Program.run(arguments));
    assertEquals(List.of("PORTPOOL UNKNOWN - " + sentence), outcome.out());
    assertEquals(List.of(), outcome.err());
    assertEquals(3, outcome.exitCode());
  }
}
