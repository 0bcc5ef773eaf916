package io.github.portpool.source.sockdiag;

import io.github.portpool.host.KernelRelease;
import io.github.portpool.host.Trouble;
import io.github.portpool.snapshot.TcpSettings;
import io.github.portpool.source.SourceException;
import io.github.portpool.source.SourceException.Reason;
import io.github.portpool.table.EphemeralPorts;
import io.github.portpool.table.PortSet;
import java.io.IOException;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** The sysctls that the port maths needs, {@code Documentation/networking/ip-sysctl.rst}. */
public final class KernelSettings {
  private static final String DIRECTORY = "net/ipv4/";
  private static final Pattern RANGE = Pattern.compile("(\\d{1,5})\\s+(\\d{1,5})");

  private static final int MOST_QUOTED = 80;

  private final Sysctls kernel;
  private String rangeText = "";
  private String reservedText = "";
  private Optional<EphemeralPorts> known = Optional.empty();

  /** The settings of one kernel, or of one network namespace. */
  public KernelSettings(Sysctls kernel) {
    this.kernel = kernel;
  }

  /**
   * The ephemeral range, as it is now.
   *
   * @throws SourceException when it cannot be read
   */
  public EphemeralPorts range() throws SourceException {
    String range = required("ip_local_port_range");
    String reserved = reservedText();
    if (known.isPresent() && range.equals(rangeText) && reserved.equals(reservedText)) {
      return known.get();
    }
    EphemeralPorts ports = range(range, parsed(reserved));
    rangeText = range;
    reservedText = reserved;
    known = Optional.of(ports);
    return ports;
  }

  private static EphemeralPorts range(String range, PortSet reserved) throws SourceException {
    Matcher matcher = RANGE.matcher(range);
    if (!matcher.matches()) {
      throw unreadable("ip_local_port_range", range, null);
    }
    try {
      return new EphemeralPorts(
          Integer.parseInt(matcher.group(1)), Integer.parseInt(matcher.group(2)), reserved);
    } catch (IllegalArgumentException e) {
      throw unreadable("ip_local_port_range", range, e);
    }
  }

  /**
   * The ports that are never chosen automatically, inside the ephemeral range or not.
   *
   * @throws SourceException when they are there and cannot be read
   */
  public PortSet reserved() throws SourceException {
    return parsed(reservedText());
  }

  private String reservedText() throws SourceException {
    return read(DIRECTORY + "ip_local_reserved_ports").orElse("");
  }

  private static PortSet parsed(String reserved) throws SourceException {
    try {
      return PortSet.parse(reserved);
    } catch (IllegalArgumentException e) {
      throw unreadable("ip_local_reserved_ports", reserved, e);
    }
  }

  /**
   * The settings of TIME_WAIT, as they are now.
   *
   * @throws SourceException when one of them is there and cannot be read
   */
  public TcpSettings tcp() throws SourceException {
    return new TcpSettings(
        number("tcp_tw_reuse", TcpSettings.UNKNOWN),
        number("tcp_tw_reuse_delay", TcpSettings.UNKNOWN),
        number("tcp_timestamps", TcpSettings.UNKNOWN),
        number("tcp_fin_timeout", TcpSettings.UNKNOWN),
        number("tcp_max_tw_buckets", TcpSettings.UNKNOWN));
  }

  /**
   * The lowest port that the ephemeral range may begin with.
   *
   * @throws SourceException when it cannot be read
   */
  public int lowestPort() throws SourceException {
    return number("ip_unprivileged_port_start", 0); // since Linux 4.11
  }

  /** Whether the kernel is of a release or a later one. */
  boolean isAtLeast(int major, int minor) throws SourceException {
    return KernelRelease.of(read("kernel/osrelease").orElse("")).isAtLeast(major, minor);
  }

  private int number(String name, int otherwise) throws SourceException {
    Optional<String> text = read(DIRECTORY + name);
    try {
      return text.isEmpty() ? otherwise : Integer.parseInt(text.get());
    } catch (NumberFormatException e) {
      throw unreadable(name, text.get(), e);
    }
  }

  private String required(String name) throws SourceException {
    return read(DIRECTORY + name)
        .orElseThrow(() ->
            new SourceException(
                Reason.SETTINGS,
                "/proc/sys/net/ipv4/"
                    + name
                    + " is not there: mount /proc, without subset=pid (systemd:"
                    + " ProcSubset=all)"));
  }

  private Optional<String> read(String name) throws SourceException {
    try {
      return kernel.sysctl(name).map(String::strip);
    } catch (IOException e) {
      throw new SourceException(
          Reason.SETTINGS,
          "cannot read /proc/sys/" + name + " (" + Trouble.reason(e) + "): let the agent read it",
          e);
    }
  }

  private static SourceException unreadable(String name, String text, @Nullable Throwable cause) {
    // It may come from a recording, and any bytes with it: one line of it will do.
    String line = text.substring(0, Math.min(text.length(), MOST_QUOTED));
    return new SourceException(
        Reason.SETTINGS,
        "the kernel's " + name + " is not understood: " + line.replaceAll("\\p{Cc}", " "),
        cause);
  }
}
