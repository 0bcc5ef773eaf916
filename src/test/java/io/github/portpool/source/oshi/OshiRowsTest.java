package io.github.portpool.source.oshi;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.portpool.snapshot.Feature;
import io.github.portpool.snapshot.SocketState;
import io.github.portpool.source.SocketPass;
import io.github.portpool.source.SourceException;
import io.github.portpool.source.SourceException.Reason;
import io.github.portpool.table.EphemeralPorts;
import io.github.portpool.table.Fact;
import io.github.portpool.table.PortSet;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;
import oshi.software.os.InternetProtocolStats.IPConnection;
import oshi.software.os.InternetProtocolStats.TcpState;
import oshi.util.PlatformEnum;

/** What becomes of the rows that OSHI gives on the systems where no test runs. */
class OshiRowsTest {
  private static final byte[] NO_ADDRESS = {};
  private static final byte[] HERE = {10, 0, 0, 1};
  private static final byte[] THERE = {(byte) 192, (byte) 168, 0, (byte) 255};
  private static final byte[] MAPPED = {0, 0, 0, 0, 0, 0, 0, 0, 0, 0, -1, -1, 10, 0, 0, 1};
  private static final byte[] IPV6 = {
    0x20, 1, 0xd, (byte) 0xb8, 0, 0, 0, 0, -1, 0, 0, 0, 0, 0, 0, 1
  };

  private Optional<EphemeralPorts> range =
      Optional.of(new EphemeralPorts(49_152, 65_535, PortSet.range(50_000, 50_010)));

  @ParameterizedTest
  @CsvSource({
    "LISTEN, 0, LISTEN, YES",
    "SYN_SENT, 80, SYN_SENT, UNKNOWN",
    "SYN_RECV, 80, SYN_RECV, UNKNOWN",
    "ESTABLISHED, 80, ESTABLISHED, UNKNOWN",
    "FIN_WAIT_1, 80, FIN_WAIT1, UNKNOWN",
    "FIN_WAIT_2, 80, FIN_WAIT2, UNKNOWN",
    "CLOSE_WAIT, 80, CLOSE_WAIT, UNKNOWN",
    "CLOSING, 80, CLOSING, UNKNOWN",
    "LAST_ACK, 80, LAST_ACK, UNKNOWN",
    "TIME_WAIT, 80, TIME_WAIT, UNKNOWN",
    "CLOSED, 0, BOUND, YES",
    "NONE, 0, BOUND, YES",
    "UNKNOWN, 0, BOUND, YES",
    "CLOSED, 80, CLOSING, UNKNOWN",
  })
  void keepsTcpSocketsInEveryState(TcpState given, int peer, SocketState state, Fact bindMade)
      throws Exception {
    SocketPass.Socket socket = only(row("tcp4", HERE, 50_123, THERE, peer, given));
    assertEquals(state, socket.state());
    assertEquals(bindMade, socket.bindMade());
    assertEquals(Fact.UNKNOWN, socket.explicitPort());
    assertEquals("10.0.0.1:50123", socket.local());
    assertEquals("192.168.0.255:" + peer, socket.remote());
  }

  @ParameterizedTest
  @CsvSource({
    "50123, UNKNOWN", // Windows or the program: nobody can tell
    "49151, YES",
    "50000, YES", // reserved: never given to a program that did not name it
    "53, YES",
  })
  void takesUdpPortsOutsideThePoolForNamedOnes(int port, Fact explicit) throws Exception {
    SocketPass.Socket socket = only(row("udp4", HERE, port, NO_ADDRESS, 0, TcpState.NONE));
    assertEquals(SocketState.UNCONNECTED, socket.state());
    assertEquals(Fact.YES, socket.bindMade());
    assertEquals(explicit, socket.explicitPort());
  }

  @Test
  void takesUdpSocketsWithAPeerForConnectedOnes() throws Exception {
    SocketPass.Socket socket = only(row("udp6", IPV6, 50_123, IPV6, 53, TcpState.NONE));
    assertEquals(SocketState.ESTABLISHED, socket.state());
    assertEquals("[2001:db8::ff00:0:0:1]:50123", socket.local());
    assertEquals("[2001:db8::ff00:0:0:1]:53", socket.remote());
  }

  @ParameterizedTest
  @ValueSource(strings = {"tcp4", "tcp6", "tcp46"})
  void countsMappedAddressesAsIpv4(String type) throws Exception {
    byte[] local = type.equals("tcp6") ? MAPPED : HERE;
    IPConnection row = row(type, local, 50_123, THERE, 80, TcpState.ESTABLISHED);
    assertEquals("10.0.0.1:50123", only(row).local());
  }

  @ParameterizedTest
  @EnumSource(TcpState.class)
  void leavesOutWhatHoldsNoPort(TcpState state) throws Exception {
    assertTrue(pass(row("tcp4", HERE, 0, THERE, 0, state)).sockets().isEmpty());
    assertTrue(pass(row("udp4", HERE, 0, NO_ADDRESS, 0, state)).sockets().isEmpty());
  }

  @Test
  void putsTheOwnersOfPortsFirst() throws Exception {
    SocketPass pass =
        pass(
            row("tcp4", HERE, 49_200, THERE, 80, TcpState.ESTABLISHED),
            row("udp4", HERE, 49_201, NO_ADDRESS, 0, TcpState.NONE),
            row("tcp6", IPV6, 49_202, IPV6, 80, TcpState.TIME_WAIT),
            row("tcp6", IPV6, 49_203, IPV6, 0, TcpState.LISTEN));
    assertEquals(
        List.of(49_201, 49_203, 49_200, 49_202),
        pass.sockets().stream().map(SocketPass.Socket::localPort).toList());
  }

  @Test
  void saysWhenTheRangeIsAssumed() throws Exception {
    IPConnection listener = row("tcp4", HERE, 22, THERE, 0, TcpState.LISTEN);
    OshiSource source = source(listener);
    source.read(new SocketPass());
    assertFalse(source.unavailable().containsKey(Feature.EPHEMERAL_RANGE));
    range = Optional.empty();
    SocketPass pass = new SocketPass();
    source.read(pass);
    assertEquals(49_152, pass.range().first());
    assertEquals(65_535, pass.range().last());
    assertTrue(source.unavailable().containsKey(Feature.EPHEMERAL_RANGE));
  }

  @Test
  void doesNotTakeSilenceForAnEmptyHost() {
    SourceException e = assertThrows(SourceException.class, () -> pass());
    assertEquals(Reason.SOCKET, e.reason());
  }

  @Test
  void turnsWhatJnaThrowsIntoOneSentence() {
    OshiSource source =
        new OshiSource(
            () -> {
              throw new UnsatisfiedLinkError("jnidispatch");
            },
            () -> range,
            BlindSpots.on(PlatformEnum.MACOS));
    SourceException e = assertThrows(SourceException.class, () -> source.read(new SocketPass()));
    assertEquals(Reason.SOCKET, e.reason());
    assertTrue(e.message().contains("jna.tmpdir"), e.message());
  }

  @ParameterizedTest
  @EnumSource(
      value = PlatformEnum.class,
      names = {"LINUX", "MACOS", "WINDOWS"})
  void saysWhereItIsBlind(PlatformEnum system) {
    var sentences = BlindSpots.on(system);
    assertTrue(sentences.containsKey(Feature.BOUND_INACTIVE));
    assertTrue(sentences.containsKey(Feature.EXPLICIT_BIND));
    assertTrue(sentences.containsKey(Feature.EXACT_BLOCKED));
    assertEquals(system == PlatformEnum.MACOS, sentences.containsKey(Feature.TIME_WAIT));
    assertEquals(system != PlatformEnum.LINUX, sentences.containsKey(Feature.EPHEMERAL_RANGE));
  }

  private OshiSource source(IPConnection... rows) {
    return new OshiSource(() -> List.of(rows), () -> range, BlindSpots.on(PlatformEnum.WINDOWS));
  }

  private SocketPass pass(IPConnection... rows) throws SourceException {
    SocketPass pass = new SocketPass();
    source(rows).read(pass);
    return pass;
  }

  private SocketPass.Socket only(IPConnection row) throws SourceException {
    List<SocketPass.Socket> sockets = pass(row).sockets();
    assertEquals(1, sockets.size());
    return sockets.getFirst();
  }

  private static IPConnection row(
      String type, byte[] local, int localPort, byte[] remote, int remotePort, TcpState state) {
    return new IPConnection(type, local, localPort, remote, remotePort, state, 0, 0, -1);
  }
}
