package io.github.portpool.snapshot;

/** Why a pool port is closed to every {@code connect()}: the first that applies, in this order. */
public enum BlockReason implements Labelled {
  /** A listener holds the port. */
  LISTENING,
  /** A socket holds it that is bound and neither listens nor has a peer. */
  BOUND,
  /**
   * Connections hold it that share it, and nobody else: who bound the port, a listener mostly, has
   * gone. Seen where {@link Feature#EXACT_BLOCKED} is there.
   */
  OUTLIVED,
  /**
   * A connected socket holds it that was bound before, or that a transparent proxy accepted; UDP:
   * any socket with a peer.
   */
  CONNECTED;
}
