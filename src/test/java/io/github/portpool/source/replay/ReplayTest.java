package io.github.portpool.source.replay;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTimeoutPreemptively;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.portpool.linux.netlink.DiagBlock;
import io.github.portpool.linux.netlink.DiagSocket;
import io.github.portpool.linux.netlink.Fuzz;
import io.github.portpool.linux.netlink.Request;
import io.github.portpool.snapshot.Feature;
import io.github.portpool.snapshot.Protocol;
import io.github.portpool.source.SourceException;
import io.github.portpool.source.SourceException.Reason;
import io.github.portpool.source.sockdiag.ScriptedKernel;
import io.github.portpool.source.sockdiag.ScriptedKernel.Reply;
import io.github.portpool.source.sockdiag.SeenSockets;
import io.github.portpool.source.sockdiag.SockDiagSource;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ReplayTest {
  private static final int MAGIC = "portpool recording 1\n".length();
  private static final long MOST_BYTES = 4 << 20;

  @TempDir private Path directory;
  private Path file = Path.of("");
  private final SeenSockets recorded = new SeenSockets();
  private byte[] recording = {};

  @BeforeEach
  void recordOnePass() throws Exception {
    file = directory.resolve("host.portpool");
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    ScriptedKernel kernel = new ScriptedKernel(ReplayTest::answer);
    kernel.sysctls.remove("net/ipv4/tcp_tw_reuse_delay");
    new SockDiagSource("test", new RecordingKernel(kernel, out)).read(recorded);
    recording = out.toByteArray();
  }

  private static List<Reply> answer(Request request) {
    DiagBlock first =
        new DiagBlock(request)
            .sockets(
                DiagSocket.ipv4(
                    DiagSocket.ESTABLISHED, "10.0.0.1", 40_000, "10.0.0.2", request.sequence()));
    DiagBlock last =
        new DiagBlock(request)
            .sockets(
                DiagSocket.ipv6(DiagSocket.CLOSE, "::", 40_001, "::", 0)
                    .attribute(DiagSocket.INET_DIAG_SKV6ONLY, 1))
            .done();
    return request.protocol() == Protocol.TCP
        ? List.of(Reply.block(first), Reply.block(last))
        : List.of(Reply.block(last));
  }

  @Test
  void aRecordingReplaysAgainAndAgain() throws Exception {
    Files.write(file, recording);
    try (SockDiagSource source = RecordedKernel.source(file)) {
      assertEquals("replay", source.name());
      assertFalse(source.unavailable().containsKey(Feature.BOUND_INACTIVE));
      for (int pass = 0; pass < 3; pass++) {
        SeenSockets replayed = new SeenSockets();
        source.read(replayed);
        assertEquals(recorded.settings, replayed.settings);
        assertEquals(recorded.sockets, replayed.sockets);
      }
    }
    assertEquals(8, recorded.sockets.size());
  }

  @Test
  void failuresOfTheKernelReachTheCallerOfARecording() throws Exception {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    ScriptedKernel kernel = new ScriptedKernel(request -> List.of());
    SockDiagSource source = new SockDiagSource("test", new RecordingKernel(kernel, out));
    SourceException timeout = assertThrows(SourceException.class, () -> source.read(recorded));
    assertEquals(Reason.TIMEOUT, timeout.reason());
    assertThrows(SourceException.class, () -> source.read(recorded));
    assertEquals(List.of(1), kernel.resets);
  }

  @Test
  void aFileThatIsNotThere() {
    assertTrue(sentence(directory.resolve("none")).contains("there is no file"));
  }

  @Test
  void aDirectory() {
    assertTrue(sentence(directory).contains("cannot replay"));
  }

  @Test
  void aFileThatIsNoRecording() throws IOException {
    Files.writeString(file, "GIF89a and much more than the first line of a recording");
    assertTrue(sentence(file).contains("not a file that portpool record wrote"));
  }

  @Test
  void aRecordingOfAnotherVersion() throws IOException {
    byte[] other = recording.clone();
    other[MAGIC - 2] = '2';
    Files.write(file, other);
    assertTrue(sentence(file).contains("not a file that portpool record wrote"));
  }

  @Test
  void aRecordingThatIsCutOffAnywhere() throws IOException {
    for (int length = 0; length < recording.length; length++) {
      Files.write(file, Arrays.copyOf(recording, length));
      assertFalse(sentence(file).isEmpty(), "the first " + length + " bytes replay");
    }
  }

  @ParameterizedTest
  @ValueSource(ints = {-1, Integer.MIN_VALUE, (2 << 20) + 1, Integer.MAX_VALUE})
  void aRecordOfAnImpossibleLength(int length) throws IOException {
    byte[] damaged = recording.clone();
    ByteBuffer.wrap(damaged).putInt(MAGIC + 1, length);
    Files.write(file, damaged);
    long before = allocated();
    assertTrue(sentence(file).contains(Integer.toUnsignedString(length)));
    assertTrue(allocated() - before < MOST_BYTES);
  }

  @Test
  void aRecordThatSaysItIsLongerThanTheFile() throws IOException {
    byte[] damaged = recording.clone();
    ByteBuffer.wrap(damaged).putInt(MAGIC + 1, 1 << 20);
    Files.write(file, damaged);
    assertTrue(sentence(file).contains("ends in the middle of a record"));
  }

  @Test
  void aRecordOfAnUnknownKind() throws IOException {
    byte[] damaged = recording.clone();
    damaged[MAGIC] = 'x';
    Files.write(file, damaged);
    assertTrue(sentence(file).contains("unknown kind"));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "kernel/osrelease",
        "net/ipv4/ip_local_port_range",
        "net/ipv4/ip_local_reserved_ports",
        "net/ipv4/tcp_tw_reuse",
        "net/ipv4/tcp_tw_reuse_delay",
        "net/ipv4/tcp_timestamps",
        "net/ipv4/tcp_fin_timeout",
        "net/ipv4/tcp_max_tw_buckets",
      })
  void aMissingSysctlIsNamed(String name) throws IOException {
    String text = new String(recording, ISO_8859_1);
    // Renamed to something of the same length that nobody asks for.
    String renamed = "X" + name.substring(1);
    byte[] damaged = text.replaceAll(name + "(?!_)", renamed).getBytes(ISO_8859_1);
    assertTrue(damaged.length == recording.length && !Arrays.equals(damaged, recording));
    Files.write(file, damaged);
    assertTrue(sentence(file).contains("the recording has no sysctl " + name));
  }

  @Test
  void aSettingIsQuotedInOneLine() throws IOException {
    byte[] damaged =
        new String(recording, ISO_8859_1)
            .replaceAll("(ip_local_port_range\n)[0-9\t]{5}", "$1\u001b\r\n\u0085x")
            .getBytes(ISO_8859_1);
    assertTrue(damaged.length == recording.length && !Arrays.equals(damaged, recording));
    Files.write(file, damaged);
    assertTrue(sentence(file).contains("ip_local_port_range is not understood"));
  }

  @Test
  void aMissingAnswer() throws IOException {
    byte[] request = {18, 0, 1, 3, 1, 0, 0, 0}; // nlmsg_type, nlmsg_flags, nlmsg_seq
    int at = new String(recording, ISO_8859_1).indexOf(new String(request, ISO_8859_1));
    assertTrue(at > 0);
    byte[] damaged = recording.clone();
    damaged[at + 4] = 99;
    Files.write(file, damaged);
    assertTrue(sentence(file).contains("no answer to this request"));
  }

  @Test
  void spoiltRecordings() {
    int cases = Fuzz.cases(1500);
    assertTimeoutPreemptively(
        Duration.ofSeconds(180L + cases / 100),
        () -> {
          int refused = 0;
          for (int seed = 0; seed < cases; seed++) {
            try {
              Files.write(file, Fuzz.spoil(recording, new Random(seed)));
              long before = allocated();
              refused += sentence(file).isEmpty() ? 0 : 1;
              long bytes = allocated() - before;
              assertTrue(bytes < MOST_BYTES, bytes + " bytes allocated");
            } catch (RuntimeException | AssertionError e) {
              throw new AssertionError("seed " + seed, e);
            }
          }
          assertTrue(refused > 0 && refused < cases, refused + " of " + cases);
        });
  }

  /** What a replay of a whole pass fails with, or nothing. */
  private static String sentence(Path file) {
    try (SockDiagSource source = RecordedKernel.source(file)) {
      source.read(new SeenSockets());
      return "";
    } catch (Exception e) {
      String sentence = assertInstanceOf(SourceException.class, e).message();
      assertFalse(sentence.isBlank());
      assertTrue(sentence.length() < 400, "not one sentence: " + sentence);
      assertTrue(sentence.chars().noneMatch(Character::isISOControl), "not one line: " + sentence);
      return sentence;
    }
  }

  private static long allocated() {
    return ((com.sun.management.ThreadMXBean) ManagementFactory.getThreadMXBean())
        .getCurrentThreadAllocatedBytes();
  }
}
