package io.github.portpool.lookup;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.portpool.linux.Errno;
import io.github.portpool.linux.netlink.DiagBlock;
import io.github.portpool.linux.netlink.DiagSocket;
import io.github.portpool.lookup.FoundSocket.Holder;
import io.github.portpool.snapshot.Feature;
import io.github.portpool.snapshot.Protocol;
import io.github.portpool.snapshot.SocketState;
import io.github.portpool.source.NamespaceSource;
import io.github.portpool.source.NoNamespaces;
import io.github.portpool.source.OwnerSource;
import io.github.portpool.source.SourceException;
import io.github.portpool.source.sockdiag.ScriptedKernel;
import io.github.portpool.source.sockdiag.ScriptedKernel.Reply;
import io.github.portpool.source.sockdiag.SockDiagSource;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** Lookups in kernels whose answers are bytes that a test wrote. */
class PortLookupTest {
  private static final int PORT = 40_000;
  private static final int PER_BLOCK = 100;
  private static final NamespaceSource ALONE = new NoNamespaces("alone", 0);

  private static PortLookup lookup(ScriptedKernel kernel) throws SourceException {
    return lookup(kernel, ALONE);
  }

  private static PortLookup lookup(ScriptedKernel kernel, NamespaceSource namespaces)
      throws SourceException {
    return new PortLookup(
        new SockDiagSource("test", kernel), namespaces, OwnerSource.none("because"), false);
  }

  /** A kernel with TCP sockets: those without a peer, and those whose port it chose. */
  private static ScriptedKernel tcp(List<DiagSocket> waiting, List<DiagSocket> connected) {
    return new ScriptedKernel(request -> {
      List<Reply> replies = new ArrayList<>();
      if (request.protocol() == Protocol.TCP) {
        List<DiagSocket> sockets = request.listeners() ? waiting : connected;
        for (int i = 0; i < sockets.size(); i += PER_BLOCK) {
          List<DiagSocket> some = sockets.subList(i, Math.min(i + PER_BLOCK, sockets.size()));
          replies.add(Reply.block(new DiagBlock(request).sockets(some.toArray(DiagSocket[]::new))));
        }
      }
      replies.add(Reply.block(new DiagBlock(request).done()));
      return replies;
    });
  }

  private static DiagSocket connection(int remotePort) {
    return DiagSocket.ipv4(DiagSocket.ESTABLISHED, "10.0.0.1", PORT, "10.0.0.2", remotePort);
  }

  private static DiagSocket listener(String address) {
    return DiagSocket.ipv4(DiagSocket.LISTEN, address, PORT, "0.0.0.0", 0).owner(33, 7);
  }

  private static List<DiagSocket> connections(int count, int inode) {
    return IntStream.rangeClosed(1, count)
        .mapToObj(port -> connection(port).owner(33, inode == 0 ? 0 : inode + port))
        .toList();
  }

  @Test
  void aThousandSocketsAreListedAndTheOthersCounted() throws Exception {
    ScriptedKernel kernel = tcp(List.of(listener("10.0.0.1")), connections(2500, 100));
    PortReport report = lookup(kernel).lookUp(PORT);
    assertEquals(PortReport.MOST_SOCKETS, report.sockets().size());
    assertEquals(1501, report.untracked());
    assertEquals(SocketState.LISTEN, report.sockets().getFirst().state());
    assertNull(report.history());
  }

  @Test
  void whatAProcessHoldsIsKeptBeforeWhatNoneHolds() throws Exception {
    List<DiagSocket> connected = new ArrayList<>(connections(2000, 0));
    connected.add(connection(50_001).owner(33, 99));
    PortReport report = lookup(tcp(List.of(), connected)).lookUp(PORT);
    assertEquals(PortReport.MOST_SOCKETS, report.sockets().size());
    assertEquals(1001, report.untracked());
    assertEquals(
        List.of("33"),
        report.sockets().stream().map(FoundSocket::user).filter(user -> !user.isEmpty()).toList());
  }

  @Test
  void theKernelAloneHoldsATimeWaitForSoMuchLonger() throws Exception {
    DiagSocket closed =
        DiagSocket.ipv6(DiagSocket.TIME_WAIT, "::1", PORT, "::1", 443).expires(42_001);
    DiagSocket orphan =
        DiagSocket.ipv4(DiagSocket.FIN_WAIT2, "10.0.0.1", PORT, "10.0.0.2", 1).expires(999);
    PortReport report = lookup(tcp(List.of(), List.of(closed, orphan))).lookUp(PORT);
    assertEquals(
        List.of(false, true), report.sockets().stream().map(FoundSocket::ownerless).toList());
    assertEquals(
        List.of(0, 42_001), report.sockets().stream().map(FoundSocket::timeWaitMillis).toList());
    assertEquals("[::1]:40000", report.sockets().getLast().local().toString());
    assertEquals("[::1]:443", String.valueOf(report.sockets().getLast().remote()));
    assertEquals("", report.sockets().getLast().user());
  }

  @Test
  void manyPortsAreReadInOnePass() throws Exception {
    ScriptedKernel kernel = tcp(List.of(listener("10.0.0.1")), connections(3, 100));
    List<PortReport> reports = lookup(kernel).lookUp(List.of(22, PORT, 22));
    assertEquals(List.of(22, PORT, 22), reports.stream().map(PortReport::port).toList());
    assertEquals(
        List.of(0, 4, 0), reports.stream().map(report -> report.sockets().size()).toList());
    assertEquals(6, kernel.requests.size());
  }

  @Test
  void anAnswerThatHadToBeAskedForTwiceIsCountedOnce() throws Exception {
    int[] asked = {0};
    ScriptedKernel kernel =
        new ScriptedKernel(request -> {
          asked[0]++;
          DiagBlock block = new DiagBlock(request).sockets(connection(1));
          return List.of(
              Reply.block(asked[0] == 1 ? block.done(Errno.ENOMEM.number()) : block.done()));
        });
    SourceException failed =
        assertThrows(
            SourceException.class,
            () ->
                lookup(
                        ScriptedKernel.ofBlocks(
                            request -> new DiagBlock(request).error(Errno.ENOENT.number())))
                    .lookUp(PORT));
    assertTrue(failed.message().contains("modprobe"), failed.message());
    PortReport report = lookup(kernel).lookUp(PORT);
    assertEquals(6, report.sockets().size(), "one for each dump of the last pass");
  }

  @Test
  void aNamespaceThatCannotBeReadIsDeclaredAndLosesNoOther() throws Exception {
    ScriptedKernel host = tcp(List.of(listener("10.0.0.1")), List.of());
    ScriptedKernel blue = tcp(List.of(listener("10.0.0.2")), List.of());
    ScriptedKernel broken =
        new ScriptedKernel(request ->
            List.of(
                Reply.block(new DiagBlock(request).sockets(listener("10.0.0.3"))),
                Reply.failure(Errno.ENOBUFS.number())));
    ScriptedKernel idle = tcp(List.of(listener("10.0.0.4")), List.of());
    try (ScriptedNamespaces namespaces =
        new ScriptedNamespaces()
            .add("broken", broken, 1)
            .add("worse", broken, 1)
            .add("idle", idle, 0)
            .add("blue", blue, 1)) {
      PortReport report = lookup(host, namespaces).lookUp(PORT);
      assertEquals(
          List.of("host 10.0.0.1:40000", "blue 10.0.0.2:40000"),
          report.sockets().stream().map(found -> found.netns() + " " + found.local()).toList());
      String sentence = report.unavailable().getOrDefault(Feature.NAMESPACES, "");
      assertTrue(sentence.startsWith("network namespace broken is missing: "), sentence);
      assertTrue(sentence.endsWith("; and 1 more are missing"), sentence);
      assertEquals(List.of(), idle.requests, "its sockstat says that nothing is there");
    }
  }

  @Test
  void namespacesThatDidNotFitAreDeclared() throws Exception {
    ScriptedKernel host = tcp(List.of(), List.of());
    try (ScriptedNamespaces namespaces = new ScriptedNamespaces().untracked(3)) {
      PortReport report = lookup(host, namespaces).lookUp(PORT);
      assertEquals(
          "3 network namespaces are not read: name those that matter with --namespaces",
          report.unavailable().get(Feature.NAMESPACES));
    }
  }

  @Test
  void whatWasNotOpenedIsDeclared() throws Exception {
    PortLookup lookup = lookup(tcp(List.of(listener("10.0.0.1")), List.of()));
    PortReport report = lookup.lookUp(PORT);
    assertEquals("because", report.unavailable().get(Feature.PROCESSES));
    assertEquals("33", report.sockets().getFirst().user());
    assertEquals(List.of(), report.sockets().getFirst().processes());
    assertEquals(Holder.UNKNOWN, report.sockets().getFirst().holder());
    assertEquals("because", report.unavailable().get(Feature.CGROUPS));
    assertEquals("alone", report.unavailable().get(Feature.NAMESPACES));
    assertFalse(report.unavailable().containsKey(Feature.CONNTRACK));
    SocketsReport held = lookup.held("nginx");
    assertEquals(List.of(), held.sockets());
    assertEquals("because", held.unavailable().get(Feature.PROCESSES));
  }
}
