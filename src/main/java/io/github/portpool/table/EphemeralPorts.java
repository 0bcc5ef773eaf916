package io.github.portpool.table;

import io.github.portpool.snapshot.EphemeralRange;
import java.util.random.RandomGenerator;

/**
 * The ephemeral range, and the reserved ports that the kernel leaves out of it.
 *
 * <p>Linux: {@code ip_local_port_range} and {@code ip_local_reserved_ports}, see {@code
 * Documentation/networking/ip-sysctl.rst}.
 */
public final class EphemeralPorts {
  private static final int FIRST_UNPRIVILEGED = 1024;

  private final int first;
  private final int last;
  private final PortSet pool;

  /**
   * A range from {@code first} to {@code last}, both included.
   *
   * @param reserved ports that are never chosen automatically, inside the range or not
   * @throws IllegalArgumentException when it is not a range of ports
   */
  public EphemeralPorts(int first, int last, PortSet reserved) {
    if (first < 0 || last >= PortSet.PORTS || first > last) {
      throw new IllegalArgumentException("not a range of ports: " + first + "-" + last);
    }
    this.first = first;
    this.last = last;
    this.pool = PortSet.range(first, last).minus(reserved);
  }

  /** The lowest port of the range. */
  public int first() {
    return first;
  }

  /** The highest port of the range. */
  public int last() {
    return last;
  }

  /** The range in numbers. */
  public EphemeralRange summary() {
    return new EphemeralRange(first, last, reserved());
  }

  /** The number of ports that can be allocated. */
  public int capacity() {
    return pool.size();
  }

  /** The number of ports of the range that are reserved. */
  public int reserved() {
    return last - first + 1 - capacity();
  }

  /** Whether a port lies in the range, reserved or not. */
  public boolean contains(int port) {
    return port >= first && port <= last;
  }

  /** Whether a port can be allocated: in the range and not reserved. */
  public boolean allocates(int port) {
    return pool.contains(port);
  }

  /** Any unprivileged port of those, see {@link #besides}. */
  public int anyBesides(RandomGenerator random) {
    return besides(random.nextInt(FIRST_UNPRIVILEGED, PortSet.PORTS));
  }

  /**
   * The next port from one on that can not be allocated, whose use takes nothing from the pool;
   * that one itself where there is none. Privileged ports are left out.
   */
  public int besides(int port) {
    int next = port;
    for (int tries = 0; allocates(next) && tries < PortSet.PORTS; tries++) {
      next = next == PortSet.LAST ? FIRST_UNPRIVILEGED : next + 1;
    }
    return allocates(next) ? port : next;
  }
}
