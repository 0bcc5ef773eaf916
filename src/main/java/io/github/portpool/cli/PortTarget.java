package io.github.portpool.cli;

import io.github.portpool.table.PortSet;
import java.net.InetAddress;
import java.net.NetworkInterface;
import java.net.SocketException;
import java.net.UnknownHostException;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import picocli.CommandLine.TypeConversionException;

/**
 * Ports as people write them: {@code 80}, {@code :80}, {@code 80/tcp}, {@code localhost:80}, {@code
 * [::1]:80}, {@code 80-90}.
 *
 * @param first the lowest port
 * @param last the highest port
 */
record PortTarget(int first, int last) {
  private static final Pattern FORM =
      Pattern.compile(
          "(?:(?:\\[(?<literal>[^\\]]*)]|(?<host>[^:/]*)):)?(?<first>\\d+)(?:-(?<last>\\d+))?(?:/(?:tcp|udp))?",
          Pattern.CASE_INSENSITIVE);
  private static final int MOST_DIGITS = 9;

  /**
   * Reads a text; empty where it is none of these forms, but perhaps a name.
   *
   * @throws TypeConversionException when it is, and no port of this host
   */
  static Optional<PortTarget> parse(String text) {
    Matcher matcher = FORM.matcher(text);
    if (!matcher.matches()) {
      return Optional.empty();
    }
    int first = port(text, matcher.group("first"));
    int last = matcher.group("last") == null ? first : port(text, matcher.group("last"));
    if (last < first) {
      throw new TypeConversionException(
          "'" + text + "' is not a range: the lower port comes first");
    }
    String literal = matcher.group("literal");
    String host = literal == null ? matcher.group("host") : literal;
    if (host != null && !isOurs(host)) {
      throw new TypeConversionException(
          "'%s' is not an address of this host: who connects to there is told by --to=%s"
              .formatted(host, text));
    }
    return Optional.of(new PortTarget(first, last));
  }

  private static int port(String text, String digits) {
    int port = digits.length() > MOST_DIGITS ? 0 : Integer.parseInt(digits);
    if (port == 0 || port > PortSet.LAST) {
      throw new TypeConversionException(
          "'" + text + "' is not a port: ports are numbers from 1 to 65535");
    }
    return port;
  }

  /** Whether it is a single one. */
  boolean single() {
    return first == last;
  }

  private static boolean isOurs(String host) {
    if (host.isEmpty() || host.equals("*") || host.equalsIgnoreCase("localhost")) {
      return true;
    }
    try {
      for (InetAddress address : InetAddress.getAllByName(host)) {
        if (address.isAnyLocalAddress()
            || address.isLoopbackAddress()
            || NetworkInterface.getByInetAddress(address) != null) {
          return true;
        }
      }
      return false;
    } catch (UnknownHostException | SocketException e) {
      return false;
    }
  }
}
