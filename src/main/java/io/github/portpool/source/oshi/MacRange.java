package io.github.portpool.source.oshi;

import io.github.portpool.table.EphemeralPorts;
import io.github.portpool.table.PortSet;
import java.util.Optional;
import oshi.util.platform.mac.SysctlUtil;

/**
 * The ephemeral range of macOS: {@code net.inet.ip.portrange.first} and {@code last}.
 *
 * <p>{@code hifirst} and {@code hilast} are for sockets that asked for IP_PORTRANGE_HIGH, {@code
 * in_pcbbind()} in {@code bsd/netinet/in_pcb.c}.
 */
final class MacRange {
  private static final String PREFIX = "net.inet.ip.portrange.";
  private static final int UNREADABLE = -1;

  private MacRange() {}

  static Optional<EphemeralPorts> read() {
    return of(
        SysctlUtil.sysctl(PREFIX + "first", UNREADABLE, false),
        SysctlUtil.sysctl(PREFIX + "last", UNREADABLE, false));
  }

  /** A range whose first port is above its last is the same one, searched downwards. */
  static Optional<EphemeralPorts> of(int first, int last) {
    int low = Math.min(first, last);
    int high = Math.max(first, last);
    return low > 0 && high < PortSet.PORTS
        ? Optional.of(new EphemeralPorts(low, high, new PortSet()))
        : Optional.empty();
  }
}
