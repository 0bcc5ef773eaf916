package io.github.portpool.source.sockdiag;

import static io.github.portpool.linux.netlink.DiagSocket.ESTABLISHED;
import static io.github.portpool.linux.netlink.DiagSocket.INET_DIAG_CGROUP_ID;
import static io.github.portpool.linux.netlink.DiagSocket.INET_DIAG_SHUTDOWN;
import static io.github.portpool.linux.netlink.DiagSocket.INET_DIAG_SKV6ONLY;
import static io.github.portpool.linux.netlink.DiagSocket.LISTEN;
import static io.github.portpool.linux.netlink.DiagSocket.SYN_RECV;
import static io.github.portpool.linux.netlink.DiagSocket.TIME_WAIT;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.github.portpool.linux.netlink.DiagSocket;
import io.github.portpool.snapshot.TcpSettings;
import io.github.portpool.source.SourceException;
import io.github.portpool.source.SourceException.Reason;
import io.github.portpool.table.EphemeralPorts;
import io.github.portpool.table.SocketEntry;
import io.github.portpool.table.SocketSink;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class OwnerDecodingTest {
  private static final long HUGE = 0xfedc_ba98_7654_3210L;

  private record Owner(long inode, int uid, long controlGroup) {}

  @Test
  void readsAllThree() throws SourceException {
    assertEquals(
        List.of(new Owner(4_294_967_295L, -2, HUGE), new Owner(7, 33, 1)),
        seen(
            ipv4(ESTABLISHED).owner(-2, -1).attribute(INET_DIAG_SHUTDOWN, 1).controlGroup(HUGE),
            DiagSocket.ipv6(LISTEN, "::", 40_000, "::", 0)
                .owner(33, 7)
                .attribute(INET_DIAG_SKV6ONLY, 1)
                .controlGroup(1)
                .attribute(99, 1, 2, 3)));
  }

  @Test
  void theOwnerOfOneSocketIsNotThatOfTheNext() throws SourceException {
    Owner nobody = new Owner(0, 0, 0);
    assertEquals(
        List.of(new Owner(5, 6, 7), nobody, new Owner(5, 6, 7), nobody, new Owner(1, 0, 0)),
        seen(
            ipv4(ESTABLISHED).owner(6, 5).controlGroup(7),
            ipv4(TIME_WAIT).expires(1000),
            ipv4(ESTABLISHED).owner(6, 5).controlGroup(7),
            ipv4(SYN_RECV),
            ipv4(ESTABLISHED).owner(0, 1)));
  }

  @ParameterizedTest
  @ValueSource(ints = {0, 1, 4, 7})
  void anIdThatIsTooShortIsNoId(int length) throws SourceException {
    DiagSocket socket = ipv4(ESTABLISHED).attribute(INET_DIAG_CGROUP_ID, new int[length]);
    assertEquals(List.of(new Owner(0, 0, 0)), seen(socket));
    assertEquals(List.of(new Owner(0, 0, 5)), seen(socket.controlGroup(5)));
  }

  @ParameterizedTest
  @ValueSource(ints = {0, 3, 5, 12, 65_535})
  void anIdThatDoesNotFitIsRefused(int length) {
    DiagSocket socket = ipv4(ESTABLISHED).attributeHeader(length, INET_DIAG_CGROUP_ID);
    SourceException refused = assertThrows(SourceException.class, () -> seen(socket));
    assertEquals(Reason.MALFORMED, refused.reason());
  }

  private static DiagSocket ipv4(int state) {
    return DiagSocket.ipv4(state, "10.1.2.3", 40_000, "192.168.255.254", 65_535);
  }

  private static List<Owner> seen(DiagSocket... sockets) throws SourceException {
    List<Owner> owners = new ArrayList<>();
    SocketSink sink =
        new SocketSink() {
          @Override
          public void begin(EphemeralPorts range, TcpSettings tcp) {}

          @Override
          public void socket(SocketEntry socket) {
            owners.add(new Owner(socket.inode, socket.uid, socket.controlGroup));
          }
        };
    ScriptedKernel kernel =
        ScriptedKernel.with(request -> request.bothFamilies() && request.listeners(), sockets);
    new SockDiagSource("test", kernel).read(sink);
    return owners;
  }
}
