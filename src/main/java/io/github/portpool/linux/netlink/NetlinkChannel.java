package io.github.portpool.linux.netlink;

import java.io.IOException;

/**
 * The bytes that go to the kernel and come back: the seam at which a recording can stand in for it.
 *
 * <p>Used by one thread at a time.
 */
public interface NetlinkChannel extends AutoCloseable {
  /** Sends one netlink request. */
  void send(byte[] request) throws IOException;

  /** Receives one block of the answer, see {@link NetlinkSocket#receive}. */
  int receive(int[] words) throws IOException;

  /** Forgets what is left of an answer that was not received to its end. */
  void reset() throws IOException;

  @Override
  void close();
}
