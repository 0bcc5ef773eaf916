package io.github.portpool.source.sockdiag;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.portpool.NeedsHost;
import io.github.portpool.linux.netlink.DiagSocket;
import io.github.portpool.linux.netlink.InetDiag;
import io.github.portpool.linux.netlink.InetDiagFilter;
import io.github.portpool.linux.netlink.InetDiagRequest;
import io.github.portpool.linux.netlink.NetlinkMessages;
import io.github.portpool.linux.netlink.NetlinkSocket;
import io.github.portpool.oracle.Netns;
import io.github.portpool.oracle.TestSocket;
import io.github.portpool.snapshot.Protocol;
import io.github.portpool.table.EphemeralPorts;
import io.github.portpool.table.PortSet;
import org.junit.jupiter.api.Test;

@NeedsHost
class LiveKernelTest {
  private final int[] words = new int[NetlinkSocket.BUFFER_BYTES / Integer.BYTES];
  private final NetlinkMessages messages = new NetlinkMessages();

  /** A thread of another namespace resets it, as the sampler does. */
  @Test
  void aResetDropsTheAnswerAndStaysInTheNamespace() throws Exception {
    try (Netns netns = Netns.create();
        TestSocket listener = netns.call(() -> TestSocket.tcp(false));
        LiveKernel kernel = netns.call(LiveKernel::new)) {
      assertEquals(0, listener.bind("127.0.0.1", 4321));
      assertEquals(0, listener.listen(1));
      kernel.send(request(1));
      kernel.reset();
      kernel.send(request(2));
      messages.wrap(words, kernel.receive(words));
      assertTrue(messages.next());
      assertEquals(2, messages.sequence());
      assertEquals(4321, InetDiag.localPort(words, messages.payload()));
    }
  }

  private static byte[] request(int sequence) {
    byte[] program = InetDiagFilter.explicit(new EphemeralPorts(1, 65_535, PortSet.parse("")));
    return InetDiagRequest.of(
        Protocol.TCP, InetDiagRequest.BOTH_FAMILIES, 1 << DiagSocket.LISTEN, program, sequence);
  }
}
