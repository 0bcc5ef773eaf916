package io.github.portpool.table;

import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;

/**
 * IP addresses as two longs in network order, IPv4 as its IPv4-mapped IPv6 address, because a
 * v4-mapped socket draws on the ports of IPv4.
 */
public final class IpAddress {
  private static final long MAPPED_PREFIX = 0xffffL << 32;

  private IpAddress() {}

  /** The low half of an IPv4 address; the high half is 0. */
  public static long mapped(int ipv4) {
    return MAPPED_PREFIX | Integer.toUnsignedLong(ipv4);
  }

  /** One half of an IPv6 address, from two words. */
  public static long half(int high, int low) {
    return ((long) high << 32) | Integer.toUnsignedLong(low);
  }

  /** Whether it is an IPv4 address. */
  public static boolean isIpv4(long high, long low) {
    return high == 0 && low >>> 32 == 0xffff;
  }

  /** Whether it is 127.0.0.0/8 or ::1. */
  public static boolean isLoopback(long high, long low) {
    return isIpv4(high, low) ? ((low >>> 24) & 0xff) == 127 : high == 0 && low == 1;
  }

  /** The address as RFC 5952 writes it; IPv4 in dotted decimals. */
  public static String text(long high, long low) {
    if (isIpv4(high, low)) {
      return ((low >>> 24) & 0xff)
          + "."
          + ((low >>> 16) & 0xff)
          + "."
          + ((low >>> 8) & 0xff)
          + "."
          + (low & 0xff);
    }
    int zeros = -1;
    int zerosLength = 1;
    for (int i = 0; i < 8; i++) {
      int length = 0;
      while (i + length < 8 && group(high, low, i + length) == 0) {
        length++;
      }
      if (length > zerosLength) {
        zeros = i;
        zerosLength = length;
      }
    }
    StringBuilder text = new StringBuilder();
    for (int i = 0; i < 8; i++) {
      if (i == zeros) {
        text.append("::");
        i += zerosLength - 1;
        continue;
      }
      if (!text.isEmpty() && text.charAt(text.length() - 1) != ':') {
        text.append(':');
      }
      text.append(Integer.toHexString(group(high, low, i)));
    }
    return text.toString();
  }

  /** An address and a port, the way URLs and {@code ss} write them: {@code [::1]:443}. */
  public static String withPort(long high, long low, int port) {
    return isIpv4(high, low) ? text(high, low) + ":" + port : "[" + text(high, low) + "]:" + port;
  }

  /** The same of Java's address, without the name and the zone that it may have. */
  public static String withPort(InetSocketAddress address) {
    ByteBuffer halves = halves(address.getAddress());
    return withPort(halves.getLong(), halves.getLong(), address.getPort());
  }

  /** The high and the low half of Java's address, one after the other. */
  public static ByteBuffer halves(InetAddress address) {
    ByteBuffer bytes = ByteBuffer.wrap(address.getAddress());
    return bytes.remaining() == 16
        ? bytes
        : ByteBuffer.allocate(16).putLong(0).putLong(mapped(bytes.getInt())).flip();
  }

  private static int group(long high, long low, int index) {
    long half = index < 4 ? high : low;
    return (int) (half >>> (48 - 16 * (index & 3))) & 0xffff;
  }
}
