package io.github.portpool.advice;

import io.github.portpool.table.PortSet;
import java.util.ArrayList;
import java.util.List;

/**
 * The commands that set {@code ip_local_reserved_ports}, whatever its length.
 *
 * <p>The kernel takes one page of text at a write, {@code proc_do_large_bitmap()} in
 * kernel/sysctl.c, and procps' sysctl(8) drops the rest with exit code 0. A write at the beginning
 * of the file replaces the list, and one behind it adds to it.
 */
final class ReservedPorts {
  private static final String NAME = "net.ipv4.ip_local_reserved_ports";

  /** Below the smallest page there is, with the line feed. */
  static final int MOST_CHARACTERS = 4000;

  private ReservedPorts() {}

  /** The commands, in their order. */
  static List<Fix> fixes(PortSet ports) {
    List<String> parts = parts(ports.toString());
    if (parts.size() == 1) {
      return List.of(Fix.setting(NAME + "=" + parts.getFirst()));
    }
    List<Fix> fixes = new ArrayList<>();
    for (String part : parts) {
      boolean first = fixes.isEmpty();
      boolean last = fixes.size() == parts.size() - 1;
      fixes.add(
          new Fix(
              first
                  ? "sysctl -w " + NAME + "=" + part
                  : "echo '"
                      + part
                      + "' | dd of=/proc/sys/net/ipv4/ip_local_reserved_ports bs=4096 seek=1"
                      + " conv=notrunc iflag=fullblock status=none",
              // All on one line, which systemd-sysctl writes until nothing is left.
              "printf '%s"
                  + (last ? "\\n" : "")
                  + "' '"
                  + (first ? NAME + "=" : ",")
                  + part
                  + "' >> "
                  + Fix.FILE));
    }
    return fixes;
  }

  /** A list in pieces that the kernel takes at a write. */
  private static List<String> parts(String list) {
    List<String> parts = new ArrayList<>();
    String rest = list;
    while (rest.length() > MOST_CHARACTERS) {
      int comma = rest.lastIndexOf(',', MOST_CHARACTERS);
      parts.add(rest.substring(0, comma));
      rest = rest.substring(comma + 1);
    }
    parts.add(rest);
    return parts;
  }
}
