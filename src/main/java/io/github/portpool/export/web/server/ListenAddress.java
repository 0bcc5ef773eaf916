package io.github.portpool.export.web.server;

import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.UnknownHostException;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * An address to listen on, as exporters spell it: {@code :10696}, {@code 127.0.0.1:10696}, {@code
 * [::1]:10696}, {@code localhost:10696}.
 *
 * @param text as it was given
 */
public record ListenAddress(String text, InetSocketAddress socketAddress) {
  private static final Pattern FORM =
      Pattern.compile("(?:\\[([0-9A-Fa-f:.]+(?:%[^\\]]+)?)]|([^:\\[\\]]*)):(\\d{1,5})");

  /**
   * Reads an address.
   *
   * @throws IllegalArgumentException when it is not one, with a sentence that says how to write one
   */
  public static ListenAddress parse(String text) {
    Matcher matcher = FORM.matcher(text);
    int port = matcher.matches() ? Integer.parseInt(matcher.group(3)) : -1;
    if (port < 0 || port > 65_535) {
      throw new IllegalArgumentException(
          "'"
              + text
              + "' is not an address to listen on: write it as :10696, 127.0.0.1:10696 or"
              + " [::1]:10696");
    }
    String host = matcher.group(1) != null ? matcher.group(1) : matcher.group(2);
    if (host == null || host.isEmpty()) {
      return new ListenAddress(text, new InetSocketAddress(port));
    }
    try {
      return new ListenAddress(text, new InetSocketAddress(address(host), port));
    } catch (UnknownHostException e) {
      throw new IllegalArgumentException(
          "'" + host + "' is not the name or address of this host", e);
    }
  }

  private static InetAddress address(String host) throws UnknownHostException {
    try {
      return InetAddress.ofLiteral(host);
    } catch (IllegalArgumentException e) {
      return InetAddress.getByName(host);
    }
  }
}
