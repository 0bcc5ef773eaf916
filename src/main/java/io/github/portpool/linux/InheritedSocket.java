package io.github.portpool.linux;

import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.net.InetSocketAddress;
import java.nio.channels.Channel;
import java.nio.channels.ServerSocketChannel;
import java.util.Optional;

/**
 * A listening socket that this process was started with. Java adopts none but standard input, so
 * that another one is put in its place.
 */
public final class InheritedSocket {
  private static final int STANDARD_INPUT = 0;

  private InheritedSocket() {}

  /**
   * Takes over a descriptor, once; nothing when it is no listening TCP socket.
   *
   * <p>Do not close the channel: with it Java ends standard output and error as well.
   */
  public static Optional<ServerSocketChannel> adopt(int fd) throws IOException {
    try (Arena arena = Arena.ofConfined()) {
      MemorySegment state = arena.allocate(Libc.ERRNO_LAYOUT);
      Libc.check("dup2", state, Libc.dup2(state, fd, STANDARD_INPUT));
      Libc.close(state, fd);
    }
    Channel channel = System.inheritedChannel();
    return channel instanceof ServerSocketChannel socket
            && socket.getLocalAddress() instanceof InetSocketAddress
        ? Optional.of(socket)
        : Optional.empty();
  }
}
