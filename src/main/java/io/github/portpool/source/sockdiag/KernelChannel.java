package io.github.portpool.source.sockdiag;

import java.io.IOException;
import java.util.Optional;

/**
 * The bytes that go to the kernel and come back: the seam at which a recording can stand in for it.
 *
 * <p>Used by one thread at a time.
 */
public interface KernelChannel extends AutoCloseable {
  /**
   * The text of a sysctl such as {@code net/ipv4/tcp_tw_reuse}, or empty where the kernel has none.
   *
   * @throws IOException when it is there and cannot be read
   */
  Optional<String> sysctl(String name) throws IOException;

  /** Sends one netlink request. */
  void send(byte[] request) throws IOException;

  /**
   * Receives one block of the answer, see {@link io.github.portpool.linux.NetlinkSocket#receive}.
   */
  int receive(int[] words) throws IOException;

  /** Forgets what is left of an answer that was not received to its end. */
  void reset() throws IOException;

  @Override
  void close();
}
