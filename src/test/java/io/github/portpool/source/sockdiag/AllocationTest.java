package io.github.portpool.source.sockdiag;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.portpool.linux.netlink.DiagBlock;
import io.github.portpool.linux.netlink.DiagSocket;
import io.github.portpool.linux.netlink.Request;
import io.github.portpool.snapshot.Protocol;
import io.github.portpool.source.SourceException;
import io.github.portpool.table.SocketTable;
import java.lang.management.ManagementFactory;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** A pass over many sockets allocates what a pass over few does. */
class AllocationTest {
  private static final int FEW = 100;
  private static final int MANY = 50_000;
  private static final int DESTINATIONS = 50;
  private static final int CONTROL_GROUPS = 20;
  private static final int WARM_UP = 30;
  private static final int MEASURED = 10;

  @Test
  void nothingIsAllocatedForASocket() throws SourceException {
    long few = allocatedByOnePass(FEW);
    long many = allocatedByOnePass(MANY);
    assertTrue(many < 160 * 1024, many + " bytes for a pass");
    assertTrue(Math.abs(many - few) < 16 * 1024, few + " bytes for few, " + many + " for many");
  }

  private static long allocatedByOnePass(int sockets) throws SourceException {
    SockDiagSource source = new SockDiagSource("test", new PreparedKernel(sockets));
    SocketTable table = new SocketTable(1000);
    for (int pass = 0; pass < WARM_UP; pass++) {
      source.read(table);
    }
    assertEquals(sockets, table.sockets());
    assertEquals(DESTINATIONS, table.destinations().rows());
    assertEquals(CONTROL_GROUPS, owners(table));
    long before = allocated();
    for (int pass = 0; pass < MEASURED; pass++) {
      source.read(table);
    }
    return (allocated() - before) / MEASURED;
  }

  private static long owners(SocketTable table) {
    return IntStream.range(0, table.owners().rows())
        .filter(row -> table.owners().isUsed(row, Protocol.TCP))
        .count();
  }

  private static long allocated() {
    return ((com.sun.management.ThreadMXBean) ManagementFactory.getThreadMXBean())
        .getCurrentThreadAllocatedBytes();
  }

  /** A kernel whose answers are ready before anything is measured. */
  private static final class PreparedKernel implements KernelChannel {
    private static final int BLOCK_BYTES = 32_000;
    private static final Map<String, Optional<String>> SYSCTLS =
        Map.of(
            "kernel/osrelease", Optional.of("6.18.5"),
            "net/ipv4/ip_local_port_range", Optional.of("1024 65535"),
            "net/ipv4/tcp_tw_reuse", Optional.of("2"));

    private final List<List<int[]>> answers = new ArrayList<>();
    private int answer = -1;
    private int block;

    /** Its sockets all answer the second request: those whose port the kernel chose. */
    PreparedKernel(int sockets) {
      for (int sequence = 1; sequence <= 6; sequence++) {
        Request request = new Request(sequence <= 2 ? 18 : 20, sequence, Protocol.TCP, 0, 0);
        answers.add(blocks(request, sequence == 2 ? sockets : 0));
      }
    }

    private static List<int[]> blocks(Request request, int sockets) {
      List<int[]> blocks = new ArrayList<>();
      DiagBlock block = new DiagBlock(request);
      for (int i = 0; i < sockets; i++) {
        if (block.size() > BLOCK_BYTES) {
          blocks.add(words(block));
          block = new DiagBlock(request);
        }
        int port = 1024 + i;
        int remotePort = 1 + i % DESTINATIONS;
        block.sockets(
            DiagSocket.ipv4(DiagSocket.ESTABLISHED, "10.0.0.1", port, "10.0.0.2", remotePort)
                .owner(1000, 1 + i)
                .attribute(DiagSocket.INET_DIAG_SHUTDOWN, 0)
                .controlGroup(1 + i % CONTROL_GROUPS));
      }
      blocks.add(words(block.done()));
      return blocks;
    }

    private static int[] words(DiagBlock block) {
      int[] words = new int[block.size() / Integer.BYTES];
      ByteBuffer.wrap(block.bytes()).order(ByteOrder.LITTLE_ENDIAN).asIntBuffer().get(words);
      return words;
    }

    @Override
    public Optional<String> sysctl(String name) {
      return SYSCTLS.getOrDefault(name, Optional.empty());
    }

    @Override
    public long nanos() {
      return 0;
    }

    @Override
    public void send(byte[] request) {
      answer = request[8] - 1; // the first byte of nlmsg_seq
      block = 0;
    }

    @Override
    public int receive(int[] words) {
      int[] ready = answers.get(answer).get(block++);
      System.arraycopy(ready, 0, words, 0, ready.length);
      return ready.length * Integer.BYTES;
    }

    @Override
    public void reset() {
      throw new IllegalStateException("nothing fails here");
    }

    @Override
    public void close() {}
  }
}
