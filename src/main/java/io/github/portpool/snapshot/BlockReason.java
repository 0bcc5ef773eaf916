package io.github.portpool.snapshot;

/** Why a pool port is closed to every {@code connect()}: the first that applies, in this order. */
public enum BlockReason implements Labelled {
  /** A listener holds the port. */
  LISTENING,
  /** A socket holds it that is bound and neither listens nor has a peer. */
  BOUND,
  /**
   * A connected socket holds it that was bound before, or that a transparent proxy accepted; UDP:
   * any socket with a peer.
   */
  CONNECTED;
}
