package io.github.portpool.source.sockdiag;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTimeoutPreemptively;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.portpool.linux.netlink.DiagBlock;
import io.github.portpool.linux.netlink.DiagSocket;
import io.github.portpool.linux.netlink.Fuzz;
import io.github.portpool.linux.netlink.NetlinkMessages;
import io.github.portpool.linux.netlink.Request;
import io.github.portpool.source.SourceException;
import io.github.portpool.source.sockdiag.ScriptedKernel.Reply;
import io.github.portpool.table.PortSet;
import java.lang.management.ManagementFactory;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.function.BiFunction;
import org.junit.jupiter.api.Test;

/**
 * Whatever bytes come, a read ends in sockets or in a {@link SourceException}, soon and in little
 * memory, and what lies in the buffer beyond the answer does not matter.
 */
class KernelAnswerFuzzTest {
  private static final long SEED = 20_261_123;
  private static final long MOST_BYTES = 1 << 20;

  private static final PortSet PORTS = PortSet.range(40_001, 40_002);

  private int good;
  private int refused;

  @Test
  void noise() {
    tryAll(
        Fuzz.cases(2000),
        (request, random) -> {
          byte[] bytes = new byte[random.nextInt(300)];
          random.nextBytes(bytes);
          if (bytes.length >= 16 && random.nextBoolean()) {
            // Let some of it pass for a message.
            byte[] header = new DiagBlock(request).message(20, bytes.length, new byte[0]).bytes();
            System.arraycopy(header, 0, bytes, 0, header.length);
          }
          return bytes;
        });
    assertTrue(refused > good);
  }

  @Test
  void spoiltAnswers() {
    tryAll(
        Fuzz.cases(6000),
        (request, random) -> {
          byte[] bytes = answer(request);
          return random.nextInt(4) == 0 ? Fuzz.spoil(bytes, random) : bytes;
        });
    assertTrue(good > 0);
    assertTrue(refused > 0);
  }

  private void tryAll(int cases, BiFunction<Request, Random, byte[]> answers) {
    assertTimeoutPreemptively(
        Duration.ofSeconds(180L + cases / 200),
        () -> {
          for (int i = 0; i < cases; i++) {
            long seed = SEED + i;
            try {
              List<Object> one = outcome(seed, answers, (byte) 0);
              assertEquals(one, outcome(seed, answers, (byte) -1), "read beyond the answer");
            } catch (RuntimeException | AssertionError e) {
              throw new AssertionError("seed " + seed, e);
            }
          }
        });
  }

  /** The sockets that were read and the reason of the failure, where there is one. */
  private List<Object> outcome(
      long seed, BiFunction<Request, Random, byte[]> answers, byte filler) {
    Random random = new Random(seed);
    ScriptedKernel kernel =
        new ScriptedKernel(request -> List.of(Reply.block(answers.apply(request, random))));
    kernel.filler = filler;
    SeenSockets sink = new SeenSockets();
    List<Object> outcome = new ArrayList<>();
    boolean onPorts = random.nextBoolean();
    long before = allocated();
    try {
      SockDiagSource source = new SockDiagSource("fuzz", kernel);
      if (onPorts) {
        source.readPorts(PORTS, sink);
      } else {
        source.read(sink);
      }
      good++;
    } catch (SourceException e) {
      refused++;
      assertFalse(e.message().isBlank());
      outcome.add(e.message());
    }
    long bytes = allocated() - before;
    assertTrue(bytes < MOST_BYTES, bytes + " bytes allocated");
    assertTrue(
        !onPorts || sink.sockets.stream().allMatch(seen -> seen.local().matches(".*:4000[12]")),
        "a socket on another port");
    outcome.addAll(sink.sockets);
    return outcome;
  }

  private static byte[] answer(Request request) {
    return new DiagBlock(request)
        .sockets(
            DiagSocket.ipv4(DiagSocket.ESTABLISHED, "10.0.0.1", 40_000, "10.0.0.2", 443),
            DiagSocket.ipv6(DiagSocket.CLOSE, "::", 40_001, "::", 0)
                .attribute(DiagSocket.INET_DIAG_SHUTDOWN, 0)
                .attribute(DiagSocket.INET_DIAG_SKV6ONLY, 1)
                .attribute(21, 1, 2, 3, 4, 5, 6, 7, 8))
        .message(NetlinkMessages.NLMSG_NOOP, new byte[5])
        .sockets(DiagSocket.ipv4(DiagSocket.ESTABLISHED, "10.0.0.1", 40_002, "10.0.0.2", 80))
        .done()
        .bytes();
  }

  private static long allocated() {
    return ((com.sun.management.ThreadMXBean) ManagementFactory.getThreadMXBean())
        .getCurrentThreadAllocatedBytes();
  }
}
