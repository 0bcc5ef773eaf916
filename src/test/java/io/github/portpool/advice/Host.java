package io.github.portpool.advice;

import io.github.portpool.advice.ListenerWatch.Owner;
import io.github.portpool.advice.ListenerWatch.RandomPorts;
import io.github.portpool.advice.SocketHolder.Some;
import io.github.portpool.advice.SocketHolders.TimeWaitPorts;
import io.github.portpool.host.Conntrack;
import io.github.portpool.host.ControlGroup;
import io.github.portpool.host.OwningProcess;
import io.github.portpool.host.RecentFailures;
import io.github.portpool.pool.PoolListeners;
import io.github.portpool.pool.PoolUsages;
import io.github.portpool.pool.TopDestinations;
import io.github.portpool.snapshot.Feature;
import io.github.portpool.snapshot.Flow;
import io.github.portpool.snapshot.PoolUsage;
import io.github.portpool.snapshot.Protocol;
import io.github.portpool.snapshot.SocketState;
import io.github.portpool.snapshot.TcpSettings;
import io.github.portpool.table.Destination;
import io.github.portpool.table.EphemeralPorts;
import io.github.portpool.table.Fact;
import io.github.portpool.table.IpAddress;
import io.github.portpool.table.PortHolders;
import io.github.portpool.table.PortSet;
import io.github.portpool.table.SocketEntries;
import io.github.portpool.table.SocketEntry;
import io.github.portpool.table.SocketTable;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** A host as a test says; nothing is wrong with it at first. */
final class Host {
  static final Instant TIME = Instant.parse("2026-11-24T12:00:00Z");
  private static final TcpSettings DEFAULTS = new TcpSettings(2, 1000, 1, 60, 8192);

  private final List<SocketEntry> sockets = new ArrayList<>();
  private final List<SocketHolder> holders = new ArrayList<>();
  private final Map<Long, OwningProcess> processes = new HashMap<>();
  private final Map<Long, ControlGroup> groups = new HashMap<>();
  private final List<RandomPorts> random = new ArrayList<>();
  private final PortSet unnamed = new PortSet();
  private int first = 32_768;
  private int last = 60_999;
  private PortSet reserved = new PortSet();
  private TcpSettings settings = DEFAULTS;
  private @Nullable TimeWaitPorts timeWait;
  private @Nullable Flow flow;
  private @Nullable Conntrack conntrack;
  private String kubernetes = "";
  private KernelLimits limits = new KernelLimits(1024, true, "");
  private RecentFailures failures = RecentFailures.of(0, 1);
  private int untrackedConnections;
  private Map<Feature, String> unavailable = Map.of();

  Host range(int from, int to) {
    first = from;
    last = to;
    return this;
  }

  Host reserved(String ports) {
    reserved = PortSet.parse(ports);
    return this;
  }

  Host settings(int twReuse, int timestamps) {
    settings = new TcpSettings(twReuse, 1000, timestamps, 60, 8192);
    return this;
  }

  Host listener(Protocol protocol, int port, long inode, long group) {
    SocketEntry socket =
        protocol == Protocol.TCP
            ? SocketEntries.withoutPeer(SocketState.LISTEN, "0.0.0.0", port)
            : SocketEntries.udpServer("0.0.0.0", port);
    socket.inode = inode;
    socket.controlGroup = group;
    sockets.addFirst(socket);
    return this;
  }

  /** A listener of TCP that let the kernel choose its port. */
  Host unnamedListener(int port) {
    unnamed.add(port);
    return listener(Protocol.TCP, port, 0, 0);
  }

  Host udpSockets(int count) {
    for (int i = 0; i < count; i++) {
      sockets.add(SocketEntries.udpTo("10.0.0.1", first + i, "10.0.0.2", 53));
    }
    return this;
  }

  Host udpSocketsOfIpv6Alone(int count) {
    for (int i = 0; i < count; i++) {
      SocketEntry socket = SocketEntries.udpTo("::1", first + i, "::1", 53);
      socket.v6only = true;
      sockets.add(socket);
    }
    return this;
  }

  Host connections(int count, String destination, int port) {
    for (int i = 0; i < count; i++) {
      sockets.add(SocketEntries.connection("10.0.0.1", first + i, destination, port));
    }
    return this;
  }

  Host timeWait(int sockets, int ports) {
    timeWait =
        new TimeWaitPorts(
            new Destination(
                Protocol.TCP,
                0,
                IpAddress.mapped(0x0a000001),
                0,
                0,
                IpAddress.mapped(0x0a000002),
                443),
            sockets,
            ports);
    return this;
  }

  Host flow(double closed, double sustained, double secondsLeft) {
    flow = new Flow(closed, sustained, secondsLeft);
    return this;
  }

  Host holder(
      long group, int connections, int closeWait, int named, int bindFirst, int connectFirst) {
    holders.add(
        new SocketHolder(
            group,
            1000,
            connections,
            new Some(closeWait, List.of(1L)),
            new Some(named, List.of(1L)),
            new Some(bindFirst, List.of(1L, 2L)),
            connectFirst,
            Some.NONE));
    return this;
  }

  /** Connections that share ports whose listener has gone, two on each. */
  Host outlived(long group, int ports) {
    for (int i = 0; i < 2 * ports; i++) {
      SocketEntry socket =
          SocketEntries.connection("10.0.0.1", first + i / 2, "10.0.1." + i % 2, 80);
      socket.bindMade = Fact.YES;
      socket.explicitPort = Fact.NO;
      sockets.add(socket);
    }
    holders.add(
        new SocketHolder(
            group,
            1000,
            2 * ports,
            Some.NONE,
            Some.NONE,
            Some.NONE,
            0,
            new Some(2 * ports, List.of(1L))));
    return this;
  }

  Host process(long inode, int pid, String name) {
    processes.put(inode, new OwningProcess(pid, name, "app"));
    return this;
  }

  Host group(long id, String path) {
    groups.put(id, ControlGroup.of(path));
    return this;
  }

  Host untrackedConnections(int count) {
    untrackedConnections = count;
    return this;
  }

  Host conntrack(int entries, int limit) {
    conntrack = new Conntrack(entries, limit, 3, 4);
    return this;
  }

  Host limits(int lowestPort, boolean firstNamespace) {
    limits = new KernelLimits(lowestPort, firstNamespace, "");
    return this;
  }

  Host failures(RecentFailures recent) {
    failures = recent;
    return this;
  }

  /** Somebody who opened and closed so many listeners. */
  Host random(long group, int opened, int closed, int left) {
    random.add(new RandomPorts(new Owner(group, 1000), opened, closed, left, List.of(1L)));
    return this;
  }

  /** Sockets in one state from the first port of the range on. */
  Host sockets(SocketState state, int count, String destination, int port, long inode) {
    for (int i = 0; i < count; i++) {
      SocketEntry socket =
          state.hasDestination()
              ? SocketEntries.connection("10.0.0.1", first + i, destination, port)
              : SocketEntries.withoutPeer(state, "0.0.0.0", first + i);
      socket.state = state;
      socket.inode = inode;
      sockets.add(socket);
    }
    return this;
  }

  Host kubernetes(String sign) {
    kubernetes = sign;
    return this;
  }

  Host unavailable(Feature feature, String reason) {
    unavailable = Map.of(feature, reason);
    return this;
  }

  HostFacts facts() {
    EphemeralPorts range = new EphemeralPorts(first, last, reserved);
    SocketTable table = new SocketTable(1000);
    table.begin(range, settings);
    sockets.forEach(table::socket);
    table.end();
    TopDestinations worst = new TopDestinations(10);
    PoolUsage tcp = PoolUsages.of(table, Protocol.TCP, Set.of(), worst);
    PortHolders portHolders = new PortHolders();
    portHolders.watch(worst.chosen());
    portHolders.begin(range, settings);
    sockets.forEach(portHolders::socket);
    return new HostFacts(
        TIME,
        range,
        reserved,
        settings,
        tcp,
        PoolUsages.of(table, Protocol.UDP, Set.of(), new TopDestinations(0)),
        failures,
        limits,
        table
            .of(Protocol.TCP)
            .listeningPorts()
            .minus(unnamed)
            .plus(table.of(Protocol.UDP).listeningPorts()),
        List.of(),
        PoolListeners.of(table),
        0,
        random,
        portHolders.holders(),
        holders,
        untrackedConnections,
        timeWait,
        flow,
        new Owners(processes, groups, Map.of(1000, "app")),
        conntrack,
        kubernetes,
        unavailable);
  }
}
