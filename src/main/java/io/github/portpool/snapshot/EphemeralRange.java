package io.github.portpool.snapshot;

/**
 * The ephemeral range: {@code ip_local_port_range} on Linux.
 *
 * @param first the lowest port, 0 to 65535
 * @param last the highest port, {@code first} to 65535
 * @param reserved how many ports of it are never given to clients: {@code ip_local_reserved_ports}
 */
public record EphemeralRange(int first, int last, int reserved) {
  /** The number of ports that can be allocated: the pool. */
  public int capacity() {
    return last - first + 1 - reserved;
  }
}
