package io.github.portpool.export.web.config;

import java.net.Inet6Address;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.Arrays;

/**
 * The smallest part of the network that a client stands for: its IPv4 address, or the /64 of its
 * IPv6 address, in which it may have any address it likes.
 *
 * @param address the address, without what the client chooses itself
 */
public record ClientNetwork(InetAddress address) {
  private static final int PREFIX_BYTES = 8;

  /** The network of a client. */
  public static ClientNetwork of(InetAddress client) {
    if (!(client instanceof Inet6Address) || client.isLoopbackAddress()) {
      return new ClientNetwork(client);
    }
    try {
      byte[] prefix = Arrays.copyOf(client.getAddress(), PREFIX_BYTES);
      return new ClientNetwork(InetAddress.getByAddress(Arrays.copyOf(prefix, 2 * PREFIX_BYTES)));
    } catch (UnknownHostException e) {
      throw new IllegalStateException("an address has the length of one", e);
    }
  }

  /** Whether it is this host. */
  public boolean isLoopback() {
    return address.isLoopbackAddress();
  }

  @Override
  public String toString() {
    String text = address.getHostAddress();
    return address instanceof Inet6Address && !isLoopback() ? text + "/64" : text;
  }
}
