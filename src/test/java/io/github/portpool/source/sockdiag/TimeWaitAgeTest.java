package io.github.portpool.source.sockdiag;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.portpool.linux.netlink.DiagSocket;
import io.github.portpool.linux.netlink.Request;
import io.github.portpool.oracle.Posix;
import io.github.portpool.snapshot.TcpSettings;
import io.github.portpool.source.SocketSource;
import io.github.portpool.source.replay.RecordedKernel;
import io.github.portpool.source.replay.RecordingKernel;
import io.github.portpool.table.EphemeralPorts;
import io.github.portpool.table.PortAllocation;
import io.github.portpool.table.SocketEntry;
import io.github.portpool.table.SocketSink;
import java.io.ByteArrayOutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** How old the kernel takes a TIME_WAIT for, and whether its port may be taken over. */
class TimeWaitAgeTest {
  /** Writes down of each TIME_WAIT what the rule says. */
  private static final class Ages implements SocketSink {
    final List<String> seen = new ArrayList<>();
    private TcpSettings settings = TcpSettings.NONE;

    @Override
    public void begin(EphemeralPorts range, TcpSettings tcp) {
      seen.clear();
      settings = tcp;
    }

    @Override
    public void socket(SocketEntry socket) {
      seen.add(socket.ageMillis + " " + PortAllocation.isReusable(socket, settings));
    }
  }

  private static ScriptedKernel kernel(long nowMillis, int ageMillis) {
    DiagSocket timeWait =
        DiagSocket.ipv4(DiagSocket.TIME_WAIT, "127.0.0.1", 40_000, "127.0.0.1", 80)
            .expires(60_000 - ageMillis);
    ScriptedKernel kernel = ScriptedKernel.with(TimeWaitAgeTest::unnamed, timeWait);
    kernel.nanos = TimeUnit.MILLISECONDS.toNanos(nowMillis);
    return kernel;
  }

  private static boolean unnamed(Request request) {
    return request.bothFamilies() && !request.listeners();
  }

  private static List<String> read(SocketSource source) throws Exception {
    Ages ages = new Ages();
    source.read(ages);
    return ages.seen;
  }

  @ParameterizedTest
  @CsvSource({
    // what the clock shows, the age, the age in whole seconds, reusable
    "50000, 0, 0, false",
    "50000, 1, 1000, true",
    "50001, 1, 0, false",
    "50001, 2, 1000, true",
    "50999, 999, 0, false",
    "50999, 1000, 1000, true",
    "50500, 500, 0, false",
    "50500, 501, 1000, true",
    "50999, 1999, 1000, true",
    "50999, 2000, 2000, true",
    "50000, 60000, 60000, true",
    "50000, -1, 0, false",
    "0, 1, 1000, true",
  })
  void before614TheSecondsOfTheClockCount(long now, int age, int seconds, boolean reusable)
      throws Exception {
    ScriptedKernel kernel = kernel(now, age);
    kernel.sysctls.remove("net/ipv4/tcp_tw_reuse_delay");
    assertEquals(List.of(seconds + " " + reusable), read(new SockDiagSource("test", kernel)));
  }

  @ParameterizedTest
  @CsvSource({
    "50000, 1, 1000, false",
    "50000, 999, 1000, false",
    "50000, 1000, 1000, false",
    "50000, 1001, 1000, true",
    "50999, 1001, 1000, true",
    "50000, 1, 0, true",
    "50000, 0, 0, false",
  })
  void sinceThenTheAgeDoes(long now, int age, int delay, boolean reusable) throws Exception {
    ScriptedKernel kernel = kernel(now, age);
    kernel.sysctls.put("net/ipv4/tcp_tw_reuse_delay", String.valueOf(delay));
    assertEquals(List.of(age + " " + reusable), read(new SockDiagSource("test", kernel)));
  }

  /** A recording has the clock of its day. */
  @Test
  void aRecordingIsAsOldAsItWas(@TempDir Path directory) throws Exception {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    ScriptedKernel kernel = kernel(50_100, 200);
    kernel.sysctls.remove("net/ipv4/tcp_tw_reuse_delay");
    List<String> seen = read(new SockDiagSource("test", new RecordingKernel(kernel, out)));
    assertEquals(List.of("1000 true"), seen);
    Path file = Files.write(directory.resolve("recording"), out.toByteArray());
    try (SocketSource replayed = RecordedKernel.source(file)) {
      assertEquals(seen, read(replayed));
      assertEquals(seen, read(replayed));
    }
  }

  @Test
  void theClockIsTheKernelsOwn() throws Exception {
    try (LiveKernel kernel = new LiveKernel()) {
      long before = Posix.monotonicNanos();
      long between = kernel.nanos();
      long after = Posix.monotonicNanos();
      assertTrue(before <= between && between <= after, before + " " + between + " " + after);
    }
  }
}
