package io.github.portpool.source.conntrack;

import io.github.portpool.linux.Errno;
import io.github.portpool.linux.MalformedMessageException;
import io.github.portpool.linux.netlink.Attempts;
import io.github.portpool.linux.netlink.ConntrackMessage;
import io.github.portpool.linux.netlink.ConntrackRequest;
import io.github.portpool.linux.netlink.InetDiag;
import io.github.portpool.linux.netlink.NetlinkChannel;
import io.github.portpool.linux.netlink.NetlinkDump;
import io.github.portpool.linux.netlink.NetlinkMessages;
import io.github.portpool.snapshot.Protocol;
import io.github.portpool.source.SourceException;
import io.github.portpool.source.SourceException.Reason;
import io.github.portpool.table.DestinationTable;
import io.github.portpool.table.IpAddress;
import io.github.portpool.table.SocketEntry;

/** The connections of one network namespace whose source is translated, by ctnetlink. */
final class ConntrackDump implements AutoCloseable {
  private final NetlinkChannel kernel;
  private final NetlinkDump dump;
  private final ConntrackMessage message = new ConntrackMessage();
  private final SocketEntry entry = new SocketEntry();

  ConntrackDump(NetlinkChannel kernel) {
    this.kernel = kernel;
    dump = new NetlinkDump(kernel, "connections");
  }

  /** Fills a table with the TCP and UDP connections by (NAT address, server, port). */
  void read(DestinationTable groups) throws SourceException {
    Attempts.make(() -> readOnce(groups));
  }

  private void readOnce(DestinationTable groups) throws SourceException {
    groups.begin();
    dump.begin();
    dump.ask(ConntrackRequest.translated(dump.nextSequence()));
    try {
      while (dump.next()) {
        if (dump.message().type() == ConntrackRequest.CT_NEW) {
          NetlinkMessages found = dump.message();
          message.wrap(found.words(), found.payload(), found.payloadBytes());
          if (message.isSourceTranslated()) {
            add(groups);
          }
        }
      }
    } catch (MalformedMessageException e) {
      throw NetlinkDump.notUnderstood(e);
    }
    if (dump.refusal() != 0) {
      throw refused(dump.refusal());
    }
  }

  private void add(DestinationTable groups) throws MalformedMessageException {
    switch (message.protocol()) {
      case InetDiag.IPPROTO_TCP -> entry.protocol = Protocol.TCP;
      case InetDiag.IPPROTO_UDP -> entry.protocol = Protocol.UDP;
      default -> {
        return;
      }
    }
    int nat = message.replyDestination();
    int server = message.replySource();
    if (message.isIpv6()) {
      entry.localHigh = IpAddress.half(message.word(nat), message.word(nat + 1));
      entry.localLow = IpAddress.half(message.word(nat + 2), message.word(nat + 3));
      entry.remoteHigh = IpAddress.half(message.word(server), message.word(server + 1));
      entry.remoteLow = IpAddress.half(message.word(server + 2), message.word(server + 3));
    } else {
      entry.localHigh = 0;
      entry.localLow = IpAddress.mapped(message.word(nat));
      entry.remoteHigh = 0;
      entry.remoteLow = IpAddress.mapped(message.word(server));
    }
    entry.remotePort = message.replySourcePort();
    groups.add(entry, 1);
  }

  private static SourceException refused(int errno) {
    return new SourceException(
        Reason.REFUSED,
        Errno.EPERM.is(errno)
            ? "the kernel does not list connections to the agent (EPERM): give it CAP_NET_ADMIN"
                + " (systemd: AmbientCapabilities=, container: --cap-add=NET_ADMIN)"
            : "the kernel does not list connections ("
                + Errno.name(errno)
                + "): load its module, modprobe nf_conntrack_netlink");
  }

  @Override
  public void close() {
    kernel.close();
  }
}
