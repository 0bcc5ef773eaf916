package io.github.portpool.cli;

import io.github.portpool.host.Trouble;
import io.github.portpool.lookup.Peer;
import io.github.portpool.snapshot.Protocol;
import io.github.portpool.table.Destination;
import io.github.portpool.table.IpAddress;
import io.github.portpool.table.PortSet;
import java.io.IOException;
import java.net.BindException;
import java.net.Inet6Address;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.SocketException;
import java.net.UnknownHostException;
import java.nio.ByteBuffer;
import java.nio.channels.DatagramChannel;
import java.nio.channels.UnsupportedAddressTypeException;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.TypeConversionException;

/**
 * Where somebody wants to connect to.
 *
 * @param host a name or an address, without brackets
 * @param port 1 to 65535
 */
record Target(String host, int port) {
  private static final Pattern FORM = Pattern.compile("(?:\\[(.+)]|([^:\\[\\]]+)):(\\d{1,5})");

  /** Reads {@code HOST:PORT} or {@code [ADDRESS]:PORT}. */
  static final class Converter implements ITypeConverter<Target> {
    @Override
    public Target convert(String value) {
      Matcher matcher = FORM.matcher(value);
      if (matcher.matches()) {
        String host = matcher.group(1) == null ? matcher.group(2) : matcher.group(1);
        int port = Integer.parseInt(matcher.group(3));
        if (port > 0 && port <= PortSet.LAST) {
          return new Target(host, port);
        }
      }
      throw new TypeConversionException(
          "'" + value + "' is not a destination: write it as db.example:5432 or [2001:db8::1]:443");
    }
  }

  /**
   * The groups that a TCP connection to each of its addresses would belong to, by the source
   * address that the kernel's routes choose. Sends nothing.
   *
   * @throws IOException when it has no address, or there is no route to any, or no UDP port is
   *     free; the message says so
   */
  List<Destination> groups() throws IOException {
    List<Destination> groups = new ArrayList<>();
    String refusal = "";
    for (InetAddress address : addresses()) {
      try (DatagramChannel channel = bound()) {
        groups.add(group(channel, address));
      } catch (SocketException | UnsupportedAddressTypeException e) {
        refusal = " (" + Trouble.reason(e) + ")";
      }
    }
    if (groups.isEmpty()) {
      throw new IOException("no route to " + host + refusal + ": name a host that can be reached");
    }
    return groups;
  }

  /** Each of its addresses, with the port. Sends nothing. */
  List<Peer> peers() throws IOException {
    List<Peer> peers = new ArrayList<>();
    for (InetAddress address : addresses()) {
      ByteBuffer halves = IpAddress.halves(address);
      peers.add(new Peer(halves.getLong(), halves.getLong(), port));
    }
    return peers;
  }

  @Override
  public String toString() {
    return host.indexOf(':') < 0 ? host + ":" + port : "[" + host + "]:" + port;
  }

  private InetAddress[] addresses() throws IOException {
    try {
      return InetAddress.getAllByName(host);
    } catch (UnknownHostException e) {
      throw new IOException(
          host + " is no host that is known: check the name or give an address", e);
    }
  }

  /** Bound before it is connected, for both fail with a BindException where IPv6 is off. */
  private static DatagramChannel bound() throws IOException {
    try {
      return DatagramChannel.open().bind(null);
    } catch (BindException e) {
      throw new IOException(
          "no UDP port is free to find the source address with: end what holds them all", e);
    }
  }

  /** A connected UDP socket shows the address that connect() chooses, and sends no packet. */
  private Destination group(DatagramChannel channel, InetAddress address) throws IOException {
    channel.connect(new InetSocketAddress(address, port));
    InetAddress source = ((InetSocketAddress) channel.getLocalAddress()).getAddress();
    ByteBuffer from = IpAddress.halves(source);
    ByteBuffer to = IpAddress.halves(address);
    return new Destination(
        Protocol.TCP,
        from.getLong(),
        from.getLong(),
        interfaceIndex(address),
        to.getLong(),
        to.getLong(),
        port);
  }

  /** connect() to a link-local address binds the socket to the interface that it names. */
  private static int interfaceIndex(InetAddress address) {
    return address instanceof Inet6Address v6 && v6.isLinkLocalAddress() ? v6.getScopeId() : 0;
  }
}
