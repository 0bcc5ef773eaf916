package io.github.portpool.oracle;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.portpool.NeedsHost;
import io.github.portpool.oracle.Kernel.Server;
import org.junit.jupiter.api.Test;

/**
 * When the port of a TIME_WAIT may be taken over: what is predicted, and what connect() then does.
 */
@NeedsHost
class TimeWaitReuseTest {
  private static final String ME = "127.0.0.1";
  private static final int PORT = 20_000;
  private static final int ROUNDS = 25;
  private static final long SECOND = 1_000_000_000;

  /** How far a moment must be from the boundary for the kernel's coarse clocks to agree. */
  private static final long COARSE_NANOS = 20_000_000;

  /** By sock_diag and, where they can be read, by the kernel's tables. */
  @Test
  void connectTakesItOverWhenThatIsPredicted() throws Exception {
    try (Netns netns = Netns.create()) {
      netns.range(PORT, PORT);
      netns.sysctl("tcp_tw_reuse", "1");
      int decided =
          netns.call(() -> {
            try (Agent agent = new Agent();
                Agent best = Agent.best();
                Server web = new Server(80)) {
              int rounds = 0;
              for (int i = 0; i < ROUNDS; i++) {
                rounds += round(i, web, agent, best) ? 1 : 0;
              }
              return rounds;
            }
          });
      assertTrue(decided >= ROUNDS / 4, () -> decided + " rounds were not too close to a second");
    }
  }

  /** Asks until the port is taken over; false where nobody could know. */
  private static boolean round(int number, Server web, Agent agent, Agent best) throws Exception {
    Thread.sleep(number * 37 % 400); // begins somewhere in a second
    long begun = Posix.monotonicNanos();
    try (Population population = new Population()) {
      population.timeWait(ME, ME, web);
    }
    long waiting = Posix.monotonicNanos();
    boolean told = false;
    while (true) {
      long before = Posix.monotonicNanos();
      if (!isClear(begun, waiting, before, before + COARSE_NANOS)) {
        Thread.sleep(1);
        continue;
      }
      int predicted = headroom(agent);
      int byTables = headroom(best);
      int errno;
      try (TestSocket client = TestSocket.tcp(false).resetOnClose()) {
        errno = client.connect(ME, web.port());
      }
      boolean stamped = Kernel.hasReuseDelay() || sameSecond(begun, waiting);
      if (stamped && isClear(begun, waiting, before, Posix.monotonicNanos())) {
        told = true;
        assertEquals(errno == 0 ? 1 : 0, predicted, "by sock_diag");
        assertEquals(errno == 0 ? 1 : 0, byTables, "by the tables");
      }
      if (errno == 0) {
        web.drain();
        return told;
      }
      assertEquals(Posix.EADDRNOTAVAIL, errno);
    }
  }

  private static int headroom(Agent agent) {
    agent.sample();
    return agent.connectHeadroom(ME, ME + ":80");
  }

  /** Whether all that happens between two moments is on one side of the boundary. */
  private static boolean isClear(long begun, long waiting, long before, long after) {
    return Kernel.hasReuseDelay()
        ? after - begun < SECOND - COARSE_NANOS || before - waiting > SECOND + COARSE_NANOS
        : sameSecond(before, after);
  }

  private static boolean sameSecond(long before, long after) {
    return (before - COARSE_NANOS) / SECOND == (after + COARSE_NANOS) / SECOND;
  }
}
