package io.github.portpool.oracle;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.portpool.Await;
import io.github.portpool.NeedsHost;
import io.github.portpool.host.Conntrack;
import io.github.portpool.pool.NatUsage;
import io.github.portpool.sample.Bounds;
import io.github.portpool.sample.ConntrackUsage;
import io.github.portpool.sample.CpuBudget;
import io.github.portpool.sample.HostSources;
import io.github.portpool.sample.SampleReport;
import io.github.portpool.sample.SampleWatch;
import io.github.portpool.sample.Sampler;
import io.github.portpool.snapshot.Protocol;
import io.github.portpool.source.FailureSource;
import io.github.portpool.source.NoNamespaces;
import io.github.portpool.source.OwnerSource;
import io.github.portpool.source.SourceException;
import io.github.portpool.source.SourceException.Reason;
import io.github.portpool.source.conntrack.KernelConntrack;
import io.github.portpool.source.sockdiag.SockDiagSource;
import io.github.portpool.table.DestinationTable;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.ProtocolFamily;
import java.net.StandardProtocolFamily;
import java.nio.ByteBuffer;
import java.nio.channels.DatagramChannel;
import java.nio.channels.SocketChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.Callable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Client, router and server; the router has ten ports to give to all connections. */
@NeedsHost
class NatTest {
  private static final int PORTS = 10;
  private static final int TRIED = 14;

  private final List<AutoCloseable> opened = new ArrayList<>();
  private final DestinationTable groups = new DestinationTable(1000);
  private Netns client;
  private Netns router;
  private Netns server;

  @BeforeEach
  void network() throws Exception {
    Assumptions.assumeTrue(
        Files.isExecutable(Path.of("/usr/sbin/nft")),
        "nft is missing: install the Debian package nftables");
    client = opened(Netns.create());
    router = opened(Netns.create());
    server = opened(Netns.create());
    for (Netns netns : List.of(client, router, server)) {
      setting(netns, "ipv6/conf/all/accept_dad", "0");
      setting(netns, "ipv6/conf/default/accept_dad", "0");
    }
    link(client, "client", 1);
    link(server, "server", 2);
    setting(router, "ipv4/ip_forward", "1");
    setting(router, "ipv6/conf/all/forwarding", "1");
    router.run(
        "nft",
        "table inet nat { chain postrouting { type nat hook postrouting priority srcnat;"
            + " oifname \"server\" meta l4proto { tcp, udp } masquerade to :40000-40009; }; }");
  }

  @AfterEach
  void close() throws Exception {
    for (AutoCloseable one : opened.reversed()) {
      one.close();
    }
  }

  @ParameterizedTest
  @CsvSource({"10.9.2.2, 10.9.2.1", "fd09:2::2, fd09:2::1"})
  void tenConnectionsForEachServerAndPort(String address, String nat) throws Exception {
    listen(address, 80);
    listen(address, 443);
    KernelConntrack conntrack = opened(router.call(() -> KernelConntrack.open(true)));
    assertEquals(new Conntrack(0, table(conntrack).limit(), 0, 0), table(conntrack));

    List<SocketChannel> toFirst = connect(address, 80, TRIED);
    connect(address, 443, 3);
    await(() -> connected(toFirst) == PORTS && table(conntrack).insertFailed() > 0);

    conntrack.translated(groups);
    assertEquals(PORTS, NatUsage.worst(groups, Protocol.TCP));
    assertEquals(0, NatUsage.worst(groups, Protocol.UDP));
    String to = address.contains(":") ? "[" + address + "]" : address;
    assertEquals(Map.of(nat + " " + to + ":80", PORTS, nat + " " + to + ":443", 3), rows());
    assertEquals(PORTS, connected(toFirst));
    Conntrack full = table(conntrack);
    assertEquals(PORTS + 3, full.entries());
    assertTrue(full.insertFailed() >= TRIED - PORTS, full.toString());
    assertTrue(full.drops() >= TRIED - PORTS, full.toString());
    assertTrue(full.limit() > 0, full.toString());
  }

  @Test
  void tenUdpConnectionsForEachServerAndPort() throws Exception {
    KernelConntrack conntrack = opened(router.call(() -> KernelConntrack.open(true)));
    send("10.9.2.2", 53, TRIED);
    send("10.9.2.2", 123, 2);
    await(() -> table(conntrack).entries() == PORTS + 2 && table(conntrack).insertFailed() > 0);
    conntrack.translated(groups);
    assertEquals(PORTS, NatUsage.worst(groups, Protocol.UDP));
    assertEquals(0, NatUsage.worst(groups, Protocol.TCP));
    assertEquals(Map.of("10.9.2.1 10.9.2.2:53", PORTS, "10.9.2.1 10.9.2.2:123", 2), rows());
    assertEquals(TRIED - PORTS, table(conntrack).insertFailed());
  }

  @Test
  void theAgentShowsTheWorstGroup() throws Exception {
    HostSources sources =
        router.call(() ->
            new HostSources(
                SockDiagSource.live(),
                new NoNamespaces("not here", 0),
                OwnerSource.none("not here"),
                FailureSource.none("not here"),
                KernelConntrack.open(true)));
    opened(sources);
    Sampler sampler =
        new Sampler(
            sources,
            new Sampler.Options(Duration.ofSeconds(5), new CpuBudget(1), new Bounds(1, 1, 1, 0)),
            SampleWatch.NOBODY,
            sources.owners());
    assertEquals(0, natUsed(sampler.sample()));
    send("10.9.2.2", 53, TRIED);
    await(() -> natUsed(sampler.sample()) == PORTS);
    ConntrackUsage usage = sampler.report().host().conntrack();
    assertNotNull(usage);
    assertEquals(PORTS, usage.table().entries());
    assertEquals(TRIED - PORTS, usage.table().insertFailed());
    assertEquals(0, usage.natWorstUsed().get(Protocol.TCP));
  }

  private static Conntrack table(KernelConntrack conntrack) throws SourceException {
    return conntrack.read().orElseThrow();
  }

  private static int natUsed(SampleReport report) {
    ConntrackUsage usage = report.host().conntrack();
    return usage == null ? -1 : usage.natWorstUsed().getOrDefault(Protocol.UDP, -1);
  }

  /** What a host without NAT sees: its own connections are none of the NAT's. */
  @Test
  void connectionsThatAreNotTranslatedAreInNoGroup() throws Exception {
    server.run(
        "nft",
        "table inet filter { chain in { type filter hook input priority 0; ct state new; }; }");
    KernelConntrack conntrack = opened(server.call(() -> KernelConntrack.open(true)));
    listen("10.9.2.2", 80);
    List<SocketChannel> connections = connect("10.9.2.2", 80, 2);
    await(() -> connected(connections) == 2);
    conntrack.translated(groups);
    assertEquals(Map.of(), rows());
    assertEquals(2, table(conntrack).entries());
  }

  @Test
  void withoutCapabilitiesTheDumpAloneIsRefused() throws Exception {
    send("10.9.2.2", 53, 1);
    assertEquals(0, router.call(Posix::dropCapabilities));
    KernelConntrack conntrack = opened(router.call(() -> KernelConntrack.open(true)));
    await(() -> router.call(() -> table(conntrack)).entries() == 1);
    SourceException refused =
        assertThrows(
            SourceException.class,
            () ->
                router.call(() -> {
                  conntrack.translated(groups);
                  return true;
                }));
    assertEquals(Reason.REFUSED, refused.reason());
    assertTrue(refused.message().contains("CAP_NET_ADMIN"), refused.message());
  }

  /** A link between the router and a namespace: 10.9.N.1 and 10.9.N.2, fd09:N::1 and fd09:N::2. */
  private void link(Netns netns, String name, int number) throws Exception {
    String thread =
        netns.call(
            () -> Files.readSymbolicLink(Path.of("/proc/thread-self")).getFileName().toString());
    router.ip("link", "add", name, "type", "veth", "peer", "name", "uplink", "netns", thread);
    String v4 = "10.9." + number + ".";
    String v6 = "fd09:" + number + "::";
    router.ip("link", "set", name, "up");
    netns.ip("link", "set", "uplink", "up");
    router.ip("addr", "add", v4 + "1/24", "dev", name);
    netns.ip("addr", "add", v4 + "2/24", "dev", "uplink");
    router.ip("addr", "add", v6 + "1/64", "dev", name, "nodad");
    netns.ip("addr", "add", v6 + "2/64", "dev", "uplink", "nodad");
    netns.ip("route", "add", "default", "via", v4 + "1");
    netns.ip("-6", "route", "add", "default", "via", v6 + "1");
  }

  private static void setting(Netns netns, String name, String value) throws Exception {
    netns.call(() -> Files.writeString(Path.of("/proc/sys/net", name), value));
  }

  private void listen(String address, int port) throws Exception {
    TestSocket listener = opened(server.call(() -> TestSocket.tcp(address.contains(":"))));
    assertEquals(0, listener.bind(address, port));
    assertEquals(0, listener.listen(100));
  }

  private List<SocketChannel> connect(String address, int port, int number) throws Exception {
    List<SocketChannel> connections = new ArrayList<>();
    for (int i = 0; i < number; i++) {
      SocketChannel connection = opened(client.call(() -> SocketChannel.open(family(address))));
      connection.configureBlocking(false);
      connection.connect(new InetSocketAddress(address, port));
      connections.add(connection);
    }
    return connections;
  }

  private static int connected(List<SocketChannel> connections) throws IOException {
    int connected = 0;
    for (SocketChannel connection : connections) {
      connected += connection.isConnected() || connection.finishConnect() ? 1 : 0;
    }
    return connected;
  }

  private void send(String address, int port, int number) throws Exception {
    for (int i = 0; i < number; i++) {
      DatagramChannel socket = opened(client.call(() -> DatagramChannel.open(family(address))));
      socket.send(ByteBuffer.allocate(1), new InetSocketAddress(address, port));
    }
  }

  private static ProtocolFamily family(String address) {
    return address.contains(":") ? StandardProtocolFamily.INET6 : StandardProtocolFamily.INET;
  }

  private Map<String, Integer> rows() {
    Map<String, Integer> rows = new TreeMap<>();
    for (int row = 0; row < groups.rows(); row++) {
      var group = groups.destination(row);
      rows.put(group.source() + " " + group.destination(), groups.ports(row));
    }
    return rows;
  }

  private <T extends AutoCloseable> T opened(T one) {
    opened.add(one);
    return one;
  }

  private static void await(Callable<Boolean> condition) throws Exception {
    Await.until("it happens", condition);
  }
}
