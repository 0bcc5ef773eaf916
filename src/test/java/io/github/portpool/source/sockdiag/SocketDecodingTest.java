package io.github.portpool.source.sockdiag;

import static io.github.portpool.linux.netlink.DiagSocket.CLOSE;
import static io.github.portpool.linux.netlink.DiagSocket.ESTABLISHED;
import static io.github.portpool.linux.netlink.DiagSocket.FIN_WAIT2;
import static io.github.portpool.linux.netlink.DiagSocket.INET_DIAG_SHUTDOWN;
import static io.github.portpool.linux.netlink.DiagSocket.INET_DIAG_SKV6ONLY;
import static io.github.portpool.linux.netlink.DiagSocket.LISTEN;
import static io.github.portpool.linux.netlink.DiagSocket.SYN_RECV;
import static io.github.portpool.linux.netlink.DiagSocket.TIME_WAIT;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.portpool.linux.netlink.DiagBlock;
import io.github.portpool.linux.netlink.DiagSocket;
import io.github.portpool.linux.netlink.Request;
import io.github.portpool.snapshot.Protocol;
import io.github.portpool.snapshot.SocketState;
import io.github.portpool.source.SourceException;
import io.github.portpool.source.SourceException.Reason;
import io.github.portpool.source.sockdiag.SeenSockets.Seen;
import io.github.portpool.table.Fact;
import java.util.List;
import java.util.function.Predicate;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class SocketDecodingTest {
  @Test
  void timeWait() throws SourceException {
    assertEquals(
        tcp(SocketState.TIME_WAIT, "10.1.2.3:40000", "192.168.255.254:65535", 59_123),
        only(SocketDecodingTest::automatic, ipv4(TIME_WAIT).expires(59_123)));
  }

  @Test
  void timersOfOtherStatesAreNotTheTimeToLive() throws SourceException {
    assertEquals(
        tcp(SocketState.ESTABLISHED, "10.1.2.3:40000", "192.168.255.254:65535", 0),
        only(SocketDecodingTest::automatic, ipv4(ESTABLISHED).expires(59_123)));
  }

  @Test
  void halfOpenAndOrphanedSocketsHoldTheirPorts() throws SourceException {
    assertEquals(
        tcp(SocketState.SYN_RECV, "10.1.2.3:40000", "192.168.255.254:65535", 0),
        only(SocketDecodingTest::automatic, ipv4(SYN_RECV)));
    assertEquals(
        tcp(SocketState.FIN_WAIT2, "10.1.2.3:40000", "192.168.255.254:65535", 0),
        only(SocketDecodingTest::automatic, ipv4(FIN_WAIT2)));
  }

  @ParameterizedTest
  @CsvSource({
    "1, ESTABLISHED",
    "2, SYN_SENT",
    "3, SYN_RECV",
    "4, FIN_WAIT1",
    "5, FIN_WAIT2",
    "6, TIME_WAIT",
    "7, BOUND",
    "8, CLOSE_WAIT",
    "9, LAST_ACK",
    "10, LISTEN",
    "11, CLOSING",
    "12, SYN_RECV",
    "13, BOUND",
  })
  void statesOfTcp(int number, SocketState state) throws SourceException {
    assertEquals(state, only(SocketDecodingTest::named, ipv4(number)).state());
  }

  @ParameterizedTest
  @ValueSource(ints = {0, 14, 127, 128, 255})
  void statesThatTcpDoesNotHave(int number) {
    refused(SocketDecodingTest::named, ipv4(number), "state " + number);
  }

  @ParameterizedTest
  @ValueSource(ints = {0, 2, 6, 8, 10, 13, 255})
  void statesThatUdpDoesNotHave(int number) {
    refused(request -> request.protocol() == Protocol.UDP, ipv4(number), "state " + number);
  }

  @ParameterizedTest
  @ValueSource(ints = {0, 1, 16, 255})
  void familiesThatWereNotAskedFor(int family) {
    refused(SocketDecodingTest::named, ipv4(LISTEN).family(family), "family " + family);
  }

  @Test
  void boundAndNeitherListeningNorConnected() throws SourceException {
    assertEquals(
        new Seen(
            Protocol.TCP,
            SocketState.BOUND,
            "127.0.0.9:40000",
            "0.0.0.0:0",
            0,
            0,
            false,
            Fact.UNKNOWN,
            Fact.YES,
            Fact.NO),
        only(SocketDecodingTest::named, DiagSocket.ipv4(CLOSE, "127.0.0.9", 40_000, "0.0.0.0", 0)));
  }

  @Test
  void aMappedSocketIsOneOfIpv4() throws SourceException {
    assertEquals(
        tcp(SocketState.ESTABLISHED, "10.1.2.3:40000", "10.9.8.7:443", 0),
        only(
            SocketDecodingTest::automatic,
            DiagSocket.ipv6(ESTABLISHED, "10.1.2.3", 40_000, "10.9.8.7", 443)));
  }

  @Test
  void ipv6OnAnInterface() throws SourceException {
    Seen seen =
        only(
            SocketDecodingTest::automatic,
            DiagSocket.ipv6(ESTABLISHED, "fe80:1:2:3:ffee:ddcc:bbaa:9988", 65_535, "2001:db8::f", 1)
                .on(3));
    assertEquals("[fe80:1:2:3:ffee:ddcc:bbaa:9988]:65535", seen.local());
    assertEquals("[2001:db8::f]:1", seen.remote());
    assertEquals(3, seen.interfaceIndex());
  }

  @Test
  void aNamedPortOfAConnection() throws SourceException {
    Seen seen = only(SocketDecodingTest::named, ipv4(ESTABLISHED));
    assertEquals(Fact.YES, seen.explicitPort());
    assertEquals(Fact.YES, seen.bindMade());
  }

  @Test
  void v6onlyIsReadWhereItStands() throws SourceException {
    assertTrue(
        only(SocketDecodingTest::named, listener().attribute(INET_DIAG_SKV6ONLY, 1)).v6only());
    assertFalse(
        only(SocketDecodingTest::named, listener().attribute(INET_DIAG_SKV6ONLY, 0)).v6only());
    assertFalse(only(SocketDecodingTest::named, listener()).v6only());
    assertFalse(
        only(SocketDecodingTest::named, listener().attribute(INET_DIAG_SHUTDOWN, 1)).v6only());
    assertTrue(
        only(
                SocketDecodingTest::named,
                listener()
                    .attribute(INET_DIAG_SHUTDOWN, 0)
                    .attribute(15, 1, 2, 3, 4, 5, 6, 7, 8)
                    .attribute(INET_DIAG_SKV6ONLY, 1)
                    .attribute(99))
            .v6only());
  }

  @Test
  void v6onlyOfOneSocketIsNotThatOfTheNext() throws SourceException {
    DiagSocket[] sockets = {
      listener().attribute(INET_DIAG_SKV6ONLY, 1),
      listener(),
      listener().attribute(INET_DIAG_SKV6ONLY, 1),
      ipv4(LISTEN),
    };
    List<Boolean> v6only =
        seen(ScriptedKernel.with(SocketDecodingTest::named, sockets)).stream()
            .map(Seen::v6only)
            .toList();
    assertEquals(List.of(true, false, true, false), v6only);
  }

  @ParameterizedTest
  @ValueSource(ints = {0, 3, 5, 8, 65_535})
  void attributesThatDoNotFit(int length) {
    refused(
        SocketDecodingTest::named,
        listener().attributeHeader(length, INET_DIAG_SHUTDOWN),
        "attribute of " + length + " bytes");
  }

  @Test
  void udp() throws SourceException {
    Predicate<Request> automatic =
        request -> request.protocol() == Protocol.UDP && request.sequence() == 5;
    Predicate<Request> named =
        request -> request.protocol() == Protocol.UDP && request.sequence() == 3;
    DiagSocket unconnected = DiagSocket.ipv4(CLOSE, "0.0.0.0", 40_000, "0.0.0.0", 0);
    assertEquals(
        new Seen(
            Protocol.UDP,
            SocketState.UNCONNECTED,
            "0.0.0.0:40000",
            "0.0.0.0:0",
            0,
            0,
            false,
            Fact.YES,
            Fact.YES,
            Fact.NO),
        only(named, unconnected));
    assertEquals(Fact.NO, only(automatic, unconnected).explicitPort());
    assertEquals(Fact.YES, only(automatic, unconnected).bindMade());
    assertEquals(SocketState.ESTABLISHED, only(automatic, ipv4(ESTABLISHED)).state());
  }

  @ParameterizedTest
  @CsvSource({
    // the listener's options: IP_TRANSPARENT, IP_BIND_ADDRESS_NO_PORT; the connection's; came in
    "true, false, true, false, YES",
    "true, false, true, true, NO",
    "true, false, false, false, NO",
    "true, true, true, true, YES",
    "true, true, false, true, NO",
    "false, false, true, false, YES",
    "false, true, true, true, NO",
    "false, false, false, false, NO",
  })
  void whatATransparentProxyAccepted(
      boolean proxy, boolean proxyNoPort, boolean transparent, boolean noPort, Fact intercepted)
      throws SourceException {
    Seen seen =
        seen(withProxy(proxy, proxyNoPort, ipv4(ESTABLISHED).options(transparent, noPort)))
            .getLast();
    assertEquals(SocketState.ESTABLISHED, seen.state());
    assertEquals(intercepted, seen.intercepted());
    assertEquals(intercepted == Fact.YES ? Fact.YES : Fact.UNKNOWN, seen.bindMade());
  }

  @ParameterizedTest
  @ValueSource(ints = {TIME_WAIT, FIN_WAIT2})
  void whatHasNoOptionsMayHaveComeInWhereAProxyListens(int state) throws SourceException {
    assertEquals(Fact.UNKNOWN, seen(withProxy(true, false, ipv4(state))).getLast().intercepted());
    assertEquals(Fact.NO, seen(withProxy(false, false, ipv4(state))).getLast().intercepted());
  }

  /** A listener outside the range, and sockets whose program did not name the port. */
  private static ScriptedKernel withProxy(
      boolean transparent, boolean noPort, DiagSocket... sockets) {
    DiagSocket proxy =
        DiagSocket.ipv4(LISTEN, "0.0.0.0", 81, "0.0.0.0", 0).options(transparent, noPort);
    return ScriptedKernel.ofBlocks(request -> {
      DiagBlock block = new DiagBlock(request);
      if (named(request)) {
        block.sockets(proxy);
      } else if (automatic(request)) {
        block.sockets(sockets);
      }
      return block.done();
    });
  }

  @Test
  void whereAProxyListensWhatItAcceptedComesFirstAndWhatIsNotKnownLast() throws SourceException {
    List<Seen> seen =
        seen(
            withProxy(
                true,
                false,
                ipv4(TIME_WAIT),
                ipv4(ESTABLISHED).options(false, false),
                ipv4(ESTABLISHED).options(true, false),
                ipv4(FIN_WAIT2),
                ipv4(FIN_WAIT2).options(true, true)));
    assertEquals(
        List.of(
            SocketState.LISTEN,
            SocketState.ESTABLISHED,
            SocketState.ESTABLISHED,
            SocketState.FIN_WAIT2,
            SocketState.TIME_WAIT,
            SocketState.FIN_WAIT2),
        seen.stream().map(Seen::state).toList());
    assertEquals(
        List.of(Fact.YES, Fact.NO, Fact.NO, Fact.UNKNOWN, Fact.UNKNOWN),
        seen.stream().skip(1).map(Seen::intercepted).toList());
  }

  @ParameterizedTest
  @CsvSource({"true, true, YES", "true, false, NO", "false, true, NO"})
  void aUdpProxyNamesThePortThatItsClientAskedFor(
      boolean named, boolean transparent, Fact intercepted) throws SourceException {
    DiagSocket socket = ipv4(ESTABLISHED).options(transparent, false);
    Predicate<Request> asked =
        request -> request.sequence() == (named ? 3 : 5) && request.protocol() == Protocol.UDP;
    assertEquals(intercepted, only(asked, socket).intercepted());
  }

  private static boolean named(Request request) {
    return request.bothFamilies() && request.listeners();
  }

  private static boolean automatic(Request request) {
    return request.bothFamilies() && !request.listeners();
  }

  private static Seen tcp(SocketState state, String local, String remote, int expires) {
    return new Seen(
        Protocol.TCP, state, local, remote, 0, expires, false, Fact.NO, Fact.UNKNOWN, Fact.NO);
  }

  private static DiagSocket ipv4(int state) {
    return DiagSocket.ipv4(state, "10.1.2.3", 40_000, "192.168.255.254", 65_535);
  }

  private static DiagSocket listener() {
    return DiagSocket.ipv6(LISTEN, "::", 8080, "::", 0);
  }

  private static Seen only(Predicate<Request> asked, DiagSocket socket) throws SourceException {
    List<Seen> seen = seen(ScriptedKernel.with(asked, socket));
    assertEquals(1, seen.size());
    return seen.getFirst();
  }

  private static List<Seen> seen(ScriptedKernel kernel) throws SourceException {
    SeenSockets sink = new SeenSockets();
    new SockDiagSource("test", kernel).read(sink);
    return sink.sockets;
  }

  private static void refused(Predicate<Request> asked, DiagSocket socket, String words) {
    SourceException refused =
        assertThrows(SourceException.class, () -> seen(ScriptedKernel.with(asked, socket)));
    assertEquals(Reason.MALFORMED, refused.reason());
    assertTrue(refused.message().endsWith(words), refused.message());
  }
}
