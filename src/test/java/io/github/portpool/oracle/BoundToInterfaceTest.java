package io.github.portpool.oracle;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.portpool.NeedsHost;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.RepeatedTest;
import org.junit.jupiter.api.RepetitionInfo;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * Connections that are bound to an interface, to another, or to none (SO_BINDTODEVICE), toward
 * somebody who never answers.
 */
@NeedsHost
class BoundToInterfaceTest {
  private static final int FIRST = 20_000;
  private static final int PORTS = 100;
  private static final String ME = "10.9.0.1";
  private static final String PEER = "10.9.0.2";
  private static final int WEB = 80;
  private static final int DATABASE = 5432;
  private static final int NONE = 0;
  private static final int LEFT = 1001;
  private static final int RIGHT = 1002;
  private static final int[] INTERFACES = {NONE, LEFT, RIGHT};

  private final List<TestSocket> held = new ArrayList<>();
  private Netns netns;

  @BeforeEach
  void twoWays() throws Exception {
    netns = Netns.create();
    netns.range(FIRST, FIRST + PORTS - 1);
    netns.address(ME);
    netns.run(
        "ip link add left index %d type veth peer name right index %d"
            .formatted(LEFT, RIGHT)
            .split(" "));
    for (String name : List.of("left", "right")) {
      netns.ip("link", "set", name, "up");
      netns.ip("route", "add", PEER, "dev", name, "metric", name.equals("left") ? "1" : "2");
      netns.ip("neigh", "add", PEER, "lladdr", "02:00:00:00:00:01", "dev", name);
    }
  }

  @AfterEach
  void close() {
    held.forEach(TestSocket::close);
    netns.close();
  }

  /** Returns whether a port was left. */
  private static boolean connect(List<TestSocket> made, int interfaceIndex, int port) {
    TestSocket socket =
        TestSocket.tcpNonBlocking(false).bindAddressNoPort().boundTo(interfaceIndex);
    made.add(socket);
    Kernel.check(socket.bind(ME, 0));
    int errno = socket.connect(PEER, port);
    assertTrue(errno == Posix.EINPROGRESS || errno == Posix.EADDRNOTAVAIL, "errno " + errno);
    return errno == Posix.EINPROGRESS;
  }

  private static int left(int interfaceIndex, int port) {
    List<TestSocket> made = new ArrayList<>();
    while (connect(made, interfaceIndex, port)) {
      assertTrue(made.size() <= PORTS, "the kernel refuses");
    }
    made.forEach(TestSocket::close);
    return made.size() - 1;
  }

  private static int said(Agent agent, int interfaceIndex, int port) {
    String source = interfaceIndex == 0 ? ME : ME + "%" + interfaceIndex;
    return agent.metric(
        "portpool_destination_free_ports",
        "protocol",
        "tcp",
        "source",
        source,
        "destination",
        PEER + ":" + port);
  }

  @ParameterizedTest
  @CsvSource({
    // connections in the order in which they are made: to none, one, the other, and to none
    "30, 30, 0, 0",
    "0, 30, 0, 30",
    "1, 60, 0, 60",
    "30, 20, 10, 5",
    "0, 40, 70, 50",
    "100, 0, 0, 0",
    "0, 100, 0, 100",
    "50, 50, 50, 0",
  })
  void competeAlsoWithThoseThatAreBoundToNone(int none, int left, int right, int noneAgain)
      throws Exception {
    netns.call(() -> {
      int[][] order = {{NONE, none}, {LEFT, left}, {RIGHT, right}, {NONE, noneAgain}};
      for (int[] step : order) {
        for (int i = 0; i < step[1]; i++) {
          connect(held, step[0], WEB);
        }
      }
      agree();
      return null;
    });
  }

  @RepeatedTest(10)
  void inAnyOrder(RepetitionInfo repetition) throws Exception {
    SplittableRandom random = new SplittableRandom(repetition.getCurrentRepetition());
    netns.call(() -> {
      int connections = 50 + random.nextInt(300);
      for (int i = 0; i < connections; i++) {
        int port = random.nextInt(3) == 0 ? DATABASE : WEB;
        connect(held, INTERFACES[random.nextInt(3)], port);
        if (random.nextInt(4) == 0) {
          held.remove(random.nextInt(held.size())).close();
        }
      }
      agree();
      return null;
    });
  }

  private void agree() throws Exception {
    try (Agent agent = new Agent()) {
      agent.sample();
      int worst = PORTS;
      for (int port : new int[] {WEB, DATABASE}) {
        for (int interfaceIndex : INTERFACES) {
          int said = said(agent, interfaceIndex, port);
          if (said >= 0) {
            assertEquals(left(interfaceIndex, port), said, interfaceIndex + " to " + port);
            worst = Math.min(worst, said);
          }
        }
      }
      assertEquals(worst, agent.metric("portpool_worst_destination_free_ports", "protocol", "tcp"));
    }
  }
}
