package io.github.portpool.source.sockdiag;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.portpool.linux.Errno;
import io.github.portpool.linux.netlink.DiagBlock;
import io.github.portpool.linux.netlink.DiagSocket;
import io.github.portpool.linux.netlink.InetDiag;
import io.github.portpool.linux.netlink.NetlinkMessages;
import io.github.portpool.linux.netlink.NetlinkSocket;
import io.github.portpool.linux.netlink.Request;
import io.github.portpool.snapshot.Feature;
import io.github.portpool.snapshot.Protocol;
import io.github.portpool.source.SourceException;
import io.github.portpool.source.SourceException.Reason;
import io.github.portpool.source.sockdiag.ScriptedKernel.Reply;
import io.github.portpool.table.PortSet;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Function;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

class SockDiagSourceTest {
  private final SeenSockets sink = new SeenSockets();

  @Test
  void asksTwiceForTcpAndTwiceForEachFamilyOfUdp() throws SourceException {
    ScriptedKernel kernel = ScriptedKernel.ofBlocks(request -> new DiagBlock(request).done());
    read(kernel);
    assertEquals(List.of(18, 18, 20, 20, 20, 20), types(kernel));
    assertEquals(List.of(1, 2, 3, 4, 5, 6), sequences(kernel));
    assertEquals(
        List.of(true, false), kernel.requests.stream().limit(2).map(Request::listeners).toList());
    for (Request request : kernel.requests.subList(2, 6)) {
      assertEquals(Protocol.UDP, request.protocol());
    }
    assertTrue(sink.sockets.isEmpty());
    assertTrue(kernel.resets.isEmpty());
  }

  @Test
  void asksTwiceMoreForTcpWhereATransparentProxyListens() throws SourceException {
    DiagSocket proxy =
        DiagSocket.ipv4(DiagSocket.LISTEN, "0.0.0.0", 81, "0.0.0.0", 0).options(true, false);
    ScriptedKernel kernel = ScriptedKernel.with(request -> request.sequence() == 1, proxy);
    SockDiagSource source = new SockDiagSource("test", kernel);
    source.read(sink);
    source.read(sink);
    assertEquals(List.of(18, 18, 18, 18, 20, 20, 20, 20), types(kernel).subList(0, 8));
    assertEquals(kernel.requests.subList(0, 8), kernel.requests.subList(8, 16));
    assertEquals(kernel.requests.get(1).states(), kernel.requests.get(2).states());
  }

  @Test
  void asksForPortsAsForARangeAndPassesNoOthersOn() throws SourceException {
    ScriptedKernel kernel =
        ScriptedKernel.with(
            request -> true,
            DiagSocket.ipv4(DiagSocket.ESTABLISHED, "10.0.0.1", 22, "10.0.0.2", 50_000),
            DiagSocket.ipv4(DiagSocket.ESTABLISHED, "10.0.0.1", 23, "10.0.0.2", 40_000),
            DiagSocket.ipv4(DiagSocket.ESTABLISHED, "10.0.0.1", 40_000, "10.0.0.2", 22),
            DiagSocket.ipv6(DiagSocket.CLOSE, "::", 40_000, "::", 0));
    new SockDiagSource("test", kernel).readPorts(PortSet.parse("22,40000"), sink);
    assertEquals(List.of(18, 18, 20, 20, 20, 20), types(kernel));
    assertEquals(
        List.of("10.0.0.1:22", "10.0.0.1:40000", "[::]:40000"),
        sink.sockets.stream().limit(3).map(SeenSockets.Seen::local).toList());
    assertEquals(18, sink.sockets.size());
    assertTrue(
        sink.settings.startsWith("32768-60999 "), "the ephemeral range, not that of the ports");
  }

  @Test
  void looksForNoPortAtAll() throws SourceException {
    ScriptedKernel kernel = ScriptedKernel.ofBlocks(request -> new DiagBlock(request).done());
    SockDiagSource source = new SockDiagSource("test", kernel);
    assertThrows(IllegalArgumentException.class, () -> source.readPorts(new PortSet(), sink));
  }

  @Test
  void numbersThePassesAlike() throws SourceException {
    ScriptedKernel kernel = ScriptedKernel.ofBlocks(request -> new DiagBlock(request).done());
    SockDiagSource source = new SockDiagSource("test", kernel);
    source.read(sink);
    source.read(sink);
    assertEquals(kernel.requests.subList(0, 6), kernel.requests.subList(6, 12));
  }

  @Test
  void aDoneMayComeWithoutPayloadAndInABlockOfItsOwn() throws SourceException {
    ScriptedKernel kernel =
        new ScriptedKernel(request ->
            List.of(
                Reply.block(new DiagBlock(request).sockets(connection(1), connection(2))),
                Reply.block(
                    new DiagBlock(request).message(NetlinkMessages.NLMSG_NOOP, new byte[0])),
                Reply.block(new DiagBlock(request).sockets(connection(3))),
                Reply.block(
                    new DiagBlock(request).message(NetlinkMessages.NLMSG_DONE, new byte[0]))));
    read(kernel);
    assertEquals(18, sink.sockets.size());
  }

  @Test
  void fallsBackToTwoDumpsAndStaysThere() throws SourceException {
    ScriptedKernel kernel =
        ScriptedKernel.ofBlocks(request -> {
          DiagBlock block = new DiagBlock(request);
          return request.bothFamilies()
              ? block.error(Errno.ENOENT.number())
              : block.sockets(connection(request.family())).done();
        });
    SockDiagSource source = new SockDiagSource("test", kernel);
    source.read(sink);
    assertEquals(List.of(18, 20, 20, 20, 20, 20, 20, 20, 20), types(kernel));
    assertEquals(8, sink.sockets.size());
    kernel.requests.clear();
    source.read(sink);
    assertEquals(List.of(20, 20, 20, 20, 20, 20, 20, 20), types(kernel));
    assertEquals(
        List.of(InetDiag.AF_INET, InetDiag.AF_INET6, InetDiag.AF_INET, InetDiag.AF_INET6),
        kernel.requests.stream().limit(4).map(Request::family).toList());
    assertEquals(
        List.of(true, true, false, false),
        kernel.requests.stream().limit(4).map(Request::listeners).toList());
    assertTrue(kernel.resets.isEmpty());
  }

  @Test
  void aWalkThatBreaksOffLeavesNoSocketCountedTwice() throws SourceException {
    ScriptedKernel kernel =
        ScriptedKernel.ofBlocks(request -> {
          DiagBlock block = new DiagBlock(request);
          return request.bothFamilies()
              ? block.sockets(connection(1), connection(2)).done(Errno.EINVAL.number())
              : block.sockets(connection(1), connection(2)).done();
        });
    SourceException broken = assertThrows(SourceException.class, () -> read(kernel));
    assertEquals(Reason.INTERRUPTED, broken.reason());
    assertTrue(broken.message().contains("EINVAL"), broken.message());
  }

  @Test
  void aPassingShortageOfMemoryDoesNotEndTheWalkForBoth() throws SourceException {
    AtomicInteger asked = new AtomicInteger();
    ScriptedKernel kernel =
        ScriptedKernel.ofBlocks(request -> {
          DiagBlock block = new DiagBlock(request);
          return asked.getAndIncrement() == 0 ? block.error(Errno.ENOMEM.number()) : block.done();
        });
    read(kernel);
    assertEquals(List.of(18, 18, 18, 20, 20, 20, 20), types(kernel));
  }

  @ParameterizedTest
  @CsvSource({"false", "true"})
  void aMissingModuleIsNamed(boolean inDone) {
    ScriptedKernel kernel =
        ScriptedKernel.ofBlocks(request -> {
          DiagBlock block = new DiagBlock(request);
          return request.protocol() == Protocol.TCP
              ? block.done()
              : inDone ? block.done(Errno.ENOENT.number()) : block.error(Errno.ENOENT.number());
        });
    SourceException refused = assertThrows(SourceException.class, () -> read(kernel));
    assertEquals(Reason.REFUSED, refused.reason());
    assertTrue(refused.message().contains("modprobe udp_diag"), refused.message());
    assertTrue(refused.message().contains("ENOENT"), refused.message());
    assertEquals(List.of(18, 18, 20), types(kernel));
    assertTrue(kernel.resets.isEmpty());
  }

  @Test
  void oneInterruptedDumpIsRepeatedFromTheBeginning() throws SourceException {
    AtomicInteger asked = new AtomicInteger();
    ScriptedKernel kernel =
        ScriptedKernel.ofBlocks(request -> {
          DiagBlock block = new DiagBlock(request).sockets(connection(1));
          return (asked.incrementAndGet() == 2
                  ? block.flag(NetlinkMessages.NLM_F_DUMP_INTR).sockets(connection(2))
                  : block)
              .done();
        });
    read(kernel);
    assertEquals(List.of(18, 18, 18, 18, 20, 20, 20, 20), types(kernel));
    assertEquals(List.of(2), kernel.resets);
    assertEquals(6, sink.sockets.size());
  }

  @Test
  void anInterruptionToldByDoneAloneCountsAsWell() {
    ScriptedKernel kernel =
        ScriptedKernel.ofBlocks(request ->
            new DiagBlock(request)
                .sockets(connection(1))
                .flag(NetlinkMessages.NLM_F_DUMP_INTR)
                .done());
    SourceException interrupted = assertThrows(SourceException.class, () -> read(kernel));
    assertEquals(Reason.INTERRUPTED, interrupted.reason());
    assertEquals(List.of(18, 18, 18), types(kernel));
    assertEquals(List.of(1, 2), kernel.resets);
  }

  @ParameterizedTest
  @EnumSource(names = {"ENOBUFS", "ENOMEM"})
  void aFullReceiveBufferIsTriedAgain(Errno errno) throws SourceException {
    AtomicInteger asked = new AtomicInteger();
    ScriptedKernel kernel =
        new ScriptedKernel(request ->
            List.of(
                asked.getAndIncrement() == 0
                    ? Reply.failure(errno.number())
                    : Reply.block(new DiagBlock(request).sockets(connection(1)).done())));
    read(kernel);
    assertEquals(List.of(1), kernel.resets);
    assertEquals(6, sink.sockets.size());
  }

  @Test
  void aReceiveBufferThatIsAlwaysFullFails() {
    ScriptedKernel kernel =
        new ScriptedKernel(request -> List.of(Reply.failure(Errno.ENOBUFS.number())));
    assertFails(Reason.NO_BUFFERS, kernel);
    assertEquals(3, kernel.requests.size());
  }

  @Test
  void anOverrunIsALoss() {
    failsWith(
        Reason.NO_BUFFERS,
        block -> block.message(NetlinkMessages.NLMSG_OVERRUN, new byte[0]).done());
  }

  @Test
  void noAnswerIsATimeoutAndNotRepeated() {
    ScriptedKernel kernel = new ScriptedKernel(request -> List.of());
    assertFails(Reason.TIMEOUT, kernel);
    assertEquals(1, kernel.requests.size());
  }

  @Test
  void anAnswerWithoutEndIsATimeout() {
    failsWith(Reason.TIMEOUT, block -> block.sockets(connection(1)));
  }

  @Test
  void otherRefusalsOfTheSystemAreNamed() {
    ScriptedKernel kernel =
        new ScriptedKernel(request -> List.of(Reply.failure(Errno.EPERM.number())));
    assertTrue(assertFails(Reason.SOCKET, kernel).message().contains("EPERM"));
  }

  @Test
  void aBlockThatWasCutOffIsNoAnswer() {
    ScriptedKernel kernel = new ScriptedKernel(request -> List.of(Reply.cutOff(65_537)));
    assertTrue(assertFails(Reason.TRUNCATED, kernel).message().contains("65537"));
  }

  @Test
  void aBlockMayFillTheBufferToTheLastByte() throws SourceException {
    ScriptedKernel kernel =
        ScriptedKernel.ofBlocks(request -> {
          DiagBlock block = new DiagBlock(request);
          for (int i = 0; i < 744; i++) {
            block.sockets(connection(i));
          }
          return block.message(NetlinkMessages.NLMSG_NOOP, new byte[28]).done();
        });
    assertEquals(
        NetlinkSocket.BUFFER_BYTES,
        new DiagBlock(new Request(20, 1, Protocol.TCP, 0, 0)).done().size() + 744 * 88 + 44);
    read(kernel);
    assertEquals(6 * 744, sink.sockets.size());
  }

  @Test
  void anotherRequestsAnswerIsRefused() {
    failsWith(Reason.MALFORMED, block -> block.sequence(77).sockets(connection(1)).done());
  }

  @Test
  void blocksThatAreNoMessages() {
    failsWith(Reason.MALFORMED, block -> block);
    failsWith(Reason.MALFORMED, block -> block.message(20, 15, new byte[72]));
    failsWith(Reason.MALFORMED, block -> block.message(20, 0, new byte[72]));
    failsWith(Reason.MALFORMED, block -> block.message(20, -1, new byte[72]));
    failsWith(Reason.MALFORMED, block -> block.message(20, Integer.MIN_VALUE, new byte[72]));
    failsWith(Reason.MALFORMED, block -> block.message(20, 16 + 73, new byte[72]));
    failsWith(Reason.MALFORMED, block -> block.message(20, new byte[71]));
    failsWith(Reason.MALFORMED, block -> block.message(20, new byte[0]));
  }

  @Test
  void aBlockThatEndsInsideAHeader() {
    ScriptedKernel kernel =
        new ScriptedKernel(request -> {
          byte[] whole = new DiagBlock(request).sockets(connection(1)).done().bytes();
          return List.of(Reply.block(Arrays.copyOf(whole, whole.length - 8)));
        });
    assertFails(Reason.MALFORMED, kernel);
  }

  /** An error is never an empty result, and nothing asked for an acknowledgement. */
  @Test
  void anErrorWithoutANumberIsNoEmptyAnswer() {
    failsWith(Reason.MALFORMED, block -> block.message(NetlinkMessages.NLMSG_ERROR, new byte[0]));
    failsWith(Reason.MALFORMED, block -> block.error(0));
  }

  @Test
  void theLeastErrorNumberIsOne() {
    failsWith(Reason.REFUSED, block -> block.done(Integer.MIN_VALUE));
  }

  @Test
  void theReadAfterAFailureForgetsTheRestOfTheAnswer() throws SourceException {
    AtomicInteger asked = new AtomicInteger();
    ScriptedKernel kernel =
        new ScriptedKernel(request -> {
          Reply good = Reply.block(new DiagBlock(request).sockets(connection(1)).done());
          return asked.getAndIncrement() == 0
              ? List.of(Reply.block(new DiagBlock(request).message(20, new byte[3])), good)
              : List.of(good);
        });
    SockDiagSource source = new SockDiagSource("test", kernel);
    assertThrows(SourceException.class, () -> source.read(sink));
    assertTrue(kernel.resets.isEmpty());
    source.read(sink);
    source.read(sink);
    assertEquals(List.of(1), kernel.resets);
    assertEquals(6, sink.sockets.size());
  }

  @Test
  void readsTheSettings() throws SourceException {
    ScriptedKernel kernel = ScriptedKernel.ofBlocks(request -> new DiagBlock(request).done());
    kernel.sysctls.put("net/ipv4/ip_local_port_range", "40000\t40009\n");
    kernel.sysctls.put("net/ipv4/ip_local_reserved_ports", "8080,40003-40004\n");
    kernel.sysctls.remove("net/ipv4/tcp_tw_reuse_delay");
    kernel.sysctls.remove("net/ipv4/tcp_max_tw_buckets");
    read(kernel);
    assertEquals(
        "40000-40002,40005-40009 2 TcpSettings[twReuse=2, twReuseDelayMillis=-1, timestamps=1,"
            + " finTimeoutSeconds=60, maxTwBuckets=-1]",
        sink.settings);
  }

  @ParameterizedTest
  @CsvSource({
    "net/ipv4/ip_local_port_range, 32768",
    "net/ipv4/ip_local_port_range, ''",
    "net/ipv4/ip_local_port_range, 60999 32768",
    "net/ipv4/ip_local_port_range, 32768 99999",
    "net/ipv4/ip_local_port_range, 1 2 3",
    "net/ipv4/ip_local_reserved_ports, x",
    "net/ipv4/ip_local_reserved_ports, 65536",
    "net/ipv4/tcp_tw_reuse, on",
    "net/ipv4/tcp_fin_timeout, 99999999999",
  })
  void refusesSettingsThatItDoesNotUnderstand(String name, String text) {
    ScriptedKernel kernel = ScriptedKernel.ofBlocks(request -> new DiagBlock(request).done());
    kernel.sysctls.put(name, text);
    SourceException refused = assertFails(Reason.SETTINGS, kernel);
    assertTrue(refused.message().contains(name.substring(9)), refused.message());
  }

  @Test
  void neverAssumesTheRange() {
    ScriptedKernel kernel = ScriptedKernel.ofBlocks(request -> new DiagBlock(request).done());
    kernel.sysctls.remove("net/ipv4/ip_local_port_range");
    assertTrue(assertFails(Reason.SETTINGS, kernel).message().contains("/proc"));
  }

  @ParameterizedTest
  @CsvSource({
    "6.8.0-45-generic, true",
    "6.18.5, true",
    "7.0, true",
    "10.1.2, true",
    "6.7.12, false",
    "5.15.0-100-generic, false",
    "'', false",
    "unknown, false",
    "99999999999.1, false",
    "6.99999999999, false",
  })
  void saysWhatAnOldKernelDoesNotShow(String release, boolean boundInactive)
      throws SourceException {
    ScriptedKernel kernel = ScriptedKernel.ofBlocks(request -> new DiagBlock(request).done());
    kernel.sysctls.put("kernel/osrelease", release + "\n");
    SockDiagSource source = new SockDiagSource("test", kernel);
    assertEquals(boundInactive, !source.unavailable().containsKey(Feature.BOUND_INACTIVE));
    assertTrue(source.unavailable().containsKey(Feature.EXACT_BLOCKED));
    assertFalse(source.unavailable().containsKey(Feature.TIME_WAIT));
  }

  private void failsWith(Reason reason, Function<DiagBlock, DiagBlock> answer) {
    assertFails(reason, ScriptedKernel.ofBlocks(request -> answer.apply(new DiagBlock(request))));
  }

  private SourceException assertFails(Reason reason, ScriptedKernel kernel) {
    SourceException failure = assertThrows(SourceException.class, () -> read(kernel));
    assertEquals(reason, failure.reason(), failure.message());
    assertFalse(failure.message().isBlank());
    return failure;
  }

  private void read(ScriptedKernel kernel) throws SourceException {
    new SockDiagSource("test", kernel).read(sink);
  }

  private static DiagSocket connection(int remotePort) {
    return DiagSocket.ipv4(DiagSocket.ESTABLISHED, "10.0.0.1", 40_000, "10.0.0.2", remotePort);
  }

  private static List<Integer> types(ScriptedKernel kernel) {
    return kernel.requests.stream().map(Request::type).toList();
  }

  private static List<Integer> sequences(ScriptedKernel kernel) {
    return kernel.requests.stream().map(Request::sequence).toList();
  }
}
