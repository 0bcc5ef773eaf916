package io.github.portpool.source.bpf;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayDeque;
import java.util.Collection;
import java.util.Deque;

/** Memory for records, which is used again and again, and has a bound. For one thread. */
final class Pages {
  /** Room for 85 sockets of IPv4: most namespaces have fewer. */
  private static final int BYTES = 4096;

  private final Deque<ByteBuffer> free = new ArrayDeque<>();
  private final int most;
  private int taken;

  /** At most so many pages. */
  Pages(int most) {
    this.most = most;
  }

  /** Whether there is one left. */
  boolean isEmpty() {
    return taken >= most;
  }

  /** An empty one. */
  ByteBuffer take() {
    taken++;
    return free.isEmpty()
        ? ByteBuffer.allocate(BYTES).order(ByteOrder.LITTLE_ENDIAN)
        : free.pop().clear();
  }

  /** Takes back what nobody needs any more. */
  void giveBack(Collection<ByteBuffer> pages) {
    taken -= pages.size();
    free.addAll(pages);
  }
}
