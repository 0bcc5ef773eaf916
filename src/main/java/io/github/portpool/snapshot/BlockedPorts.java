package io.github.portpool.snapshot;

/**
 * The number of pool ports closed to every {@code connect()}, each port once, by the first reason
 * that applies.
 *
 * @param listening a listener holds the port
 * @param bound a socket holds it that is bound and neither listens nor has a peer
 * @param connected a connected socket holds it that was bound before; UDP: any socket with a peer
 */
public record BlockedPorts(int listening, int bound, int connected) {
  /** All blocked ports. */
  public int total() {
    return listening + bound + connected;
  }
}
