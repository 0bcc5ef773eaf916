package io.github.portpool.oracle;

import static io.github.portpool.oracle.Kernel.check;
import static org.junit.jupiter.api.Assertions.assertEquals;

import io.github.portpool.NeedsHost;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Where IPv4 and IPv6 have different ports left, the figures are those of the worse. */
@NeedsHost
class FamiliesTest {
  private static final int FIRST = 20_000;
  private static final int PORTS = 100;

  /** What can hold a port of both families, or of one. */
  enum Holder {
    IPV4("0.0.0.0", null),
    IPV4_ADDRESS("127.0.0.9", null),
    BOTH("::", false),
    MAPPED("::ffff:127.0.0.9", false),
    IPV6_ALONE("::", true),
    IPV6_ADDRESS("fd00::7", null);

    private final String address;
    private final @Nullable Boolean v6only;

    Holder(String address, @Nullable Boolean v6only) {
      this.address = address;
      this.v6only = v6only;
    }

    boolean ipv6() {
      return address.contains(":");
    }

    TestSocket of(TestSocket socket) {
      return v6only == null ? socket : socket.v6only(v6only);
    }
  }

  private interface Case {
    void run(Agent agent, List<TestSocket> held) throws Exception;
  }

  private static void in(Case work) throws Exception {
    try (Netns netns = Netns.create()) {
      netns.range(FIRST, FIRST + PORTS - 1);
      netns.address("fd00::7");
      netns.call(() -> {
        List<TestSocket> held = new ArrayList<>();
        try (Agent agent = new Agent()) {
          work.run(agent, held);
        } finally {
          held.forEach(TestSocket::close);
        }
        return null;
      });
    }
  }

  private static void hold(
      List<TestSocket> held, int sockets, Supplier<TestSocket> maker, Holder holder) {
    for (int i = 0; i < sockets; i++) {
      TestSocket socket = holder.of(maker.get());
      held.add(socket);
      check(socket.bind(holder.address, FIRST + i));
    }
  }

  @ParameterizedTest
  @EnumSource
  void bindGetsWhatTheWorseFamilyHasLeft(Holder holder) throws Exception {
    in((agent, held) -> {
      hold(held, 30, () -> TestSocket.tcp(holder.ipv6()), holder);
      agent.sample();
      assertEquals(PORTS - 30, agent.bindFree("tcp"));
      assertEquals(Kernel.binds(), agent.bindFree("tcp"));
    });
  }

  @ParameterizedTest
  @EnumSource
  void udpIsAsFullAsTheWorseFamilyAndADestinationAsItsOwn(Holder holder) throws Exception {
    in((agent, held) -> {
      hold(held, 30, () -> TestSocket.udp(holder.ipv6()), holder);
      String[] peers = {"127.0.0.1", "::1"};
      for (String peer : peers) {
        TestSocket client = TestSocket.udp(peer.contains(":"));
        held.add(client);
        check(client.connect(peer, 53));
      }
      agent.sample();
      int[] left = {Kernel.udpConnects("127.0.0.1", 53), Kernel.udpConnects("::1", 53)};
      assertEquals(left[0], agent.udpHeadroom("127.0.0.1", "127.0.0.1:53"));
      assertEquals(left[1], agent.udpHeadroom("::1", "[::1]:53"));
      assertEquals(left[1], worst(agent));
      assertEquals(Kernel.udpBinds(), agent.bindFree("udp"));
    });
  }

  @ParameterizedTest
  @EnumSource
  void aFullFamilyIsAFullPool(Holder holder) throws Exception {
    in((agent, held) -> {
      hold(held, PORTS, () -> TestSocket.udp(holder.ipv6()), holder);
      agent.sample();
      assertEquals(0, worst(agent));
      assertEquals(Kernel.udpConnects(), worst(agent));
    });
  }

  private static int worst(Agent agent) {
    return agent.metric("portpool_worst_destination_free_ports", "protocol", "udp");
  }
}
