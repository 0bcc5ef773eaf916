package io.github.portpool.lookup;

import io.github.portpool.host.OwningProcess;
import io.github.portpool.pool.PortAvailability;
import io.github.portpool.snapshot.Feature;
import io.github.portpool.snapshot.Protocol;
import io.github.portpool.source.BothSinks;
import io.github.portpool.source.Holders;
import io.github.portpool.source.HostPart;
import io.github.portpool.source.NamespaceSource;
import io.github.portpool.source.OwnerSource;
import io.github.portpool.source.SocketSource;
import io.github.portpool.source.SourceException;
import io.github.portpool.table.PortSet;
import io.github.portpool.table.SocketEntry;
import io.github.portpool.table.SocketTable;
import java.time.Instant;
import java.util.Collections;
import java.util.Comparator;
import java.util.EnumMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Function;
import java.util.function.Predicate;
import java.util.function.ToIntFunction;
import java.util.stream.Stream;

/**
 * Looks for what is on a port, or what a process holds, in all namespaces, at one moment.
 *
 * <p>Costs one pass over the sockets of each namespace that has any, and a walk over the file
 * descriptors of processes until all owners are found. Used by one thread at a time; the sources
 * stay the caller's to close.
 */
public final class PortLookup {
  private static final PortSet ALL_PORTS = PortSet.range(0, PortSet.LAST);
  private static final int ONE_FILE = 0;

  private static final Comparator<FoundSocket> ORDER =
      Comparator.<FoundSocket, Boolean>comparing(socket -> socket.processes().isEmpty())
          .thenComparing(socket -> socket.state().hasDestination())
          .thenComparing(FoundSocket::elsewhere)
          .thenComparing(FoundSocket::netns)
          .thenComparing(FoundSocket::protocol)
          .thenComparing(FoundSocket::ownerless)
          .thenComparingInt(FoundSocket::timeWaitMillis)
          .thenComparingInt(socket -> socket.local().port())
          .thenComparing(socket -> socket.local().address())
          .thenComparing(socket -> String.valueOf(socket.remote()));

  private final SocketSource sockets;
  private final NamespaceSource namespaces;
  private final OwnerSource owners;
  private final boolean commands;

  /**
   * A lookup of one host.
   *
   * @param sockets the sockets of the host's own namespace
   * @param owners answers at once, whatever that costs
   * @param commands whether the command lines of processes are shown, which may hold secrets: to
   *     those alone who may read them themselves
   */
  public PortLookup(
      SocketSource sockets, NamespaceSource namespaces, OwnerSource owners, boolean commands) {
    this.commands = commands;
    this.sockets = sockets;
    this.namespaces = namespaces;
    this.owners = owners;
  }

  /**
   * What is on a port, and what the port is; without a history.
   *
   * @throws SourceException when the sockets of the host's own namespace cannot be read
   */
  public PortReport lookUp(int port) throws SourceException {
    return lookUp(List.of(port)).getFirst();
  }

  /**
   * The same for some ports in one pass, in their order.
   *
   * @throws SourceException when the sockets of the host's own namespace cannot be read
   */
  public List<PortReport> lookUp(List<Integer> ports) throws SourceException {
    PortSet wanted = new PortSet();
    ports.forEach(wanted::add);
    Instant time = Instant.now();
    ToIntFunction<SocketEntry> filing = socket -> socket.localPort;
    FiledSockets found = new FiledSockets(namespaces.own(), false, filing, Apart.NOTHING);
    SocketTable table = new SocketTable(1);
    sockets.readPorts(wanted, new BothSinks(table, found));
    Set<Feature> unseen = sockets.unavailable().keySet();
    NamespaceVisit others = new NamespaceVisit(namespaces);
    others.read(wanted, found);
    SocketOwners names = owners(ports.stream().map(found::under));
    Map<Feature, String> unavailable = unavailable(others, names);
    return ports.stream()
        .map(port ->
            new PortReport(
                port,
                time,
                namespaces.own(),
                others.searched(),
                table.range(),
                ServiceRegistry.of(port),
                availability(table, port, unseen),
                named(found.under(port), names),
                found.under(port).untracked(),
                found.under(port).groups().named(names),
                null,
                Collections.unmodifiableMap(unavailable)))
        .toList();
  }

  /**
   * The sockets that the processes of a name hold.
   *
   * @param name as in /proc/PID/comm
   * @throws SourceException when the sockets of the host's own namespace cannot be read
   */
  public SocketsReport held(String name) throws SourceException {
    Holders held = owners.held(name);
    SocketOwners names = new SocketOwners(owners, held, commands);
    Map<Feature, String> more =
        held.bySocket().size() < OwnerSource.MOST_HELD
            ? Map.of()
            : Map.of(
                Feature.PROCESSES,
                "they hold more than %,d sockets: only so many are looked for"
                    .formatted(OwnerSource.MOST_HELD));
    return all(name, Apart.REMOTE, socket -> isOf(name, socket, names), _ -> names, more);
  }

  /**
   * The sockets that lead to some address and port.
   *
   * @param name what they are called
   * @throws SourceException when the sockets of the host's own namespace cannot be read
   */
  public SocketsReport toward(String name, List<Peer> peers) throws SourceException {
    return all(
        name,
        Apart.REMOTE,
        socket -> peers.stream().anyMatch(peer -> peer.isOf(socket)),
        found -> owners(Stream.of(found)),
        Map.of());
  }

  /**
   * All sockets that wait for strangers.
   *
   * @throws SourceException when the sockets of the host's own namespace cannot be read
   */
  public SocketsReport listeners() throws SourceException {
    return all(
        "", Apart.LOCAL, SocketEntry::isListener, found -> owners(Stream.of(found)), Map.of());
  }

  /**
   * What is on the ports of a range.
   *
   * @param name what it is called
   * @throws SourceException when the sockets of the host's own namespace cannot be read
   */
  public SocketsReport range(String name, int first, int last) throws SourceException {
    return all(
        name,
        Apart.LOCAL,
        socket -> socket.localPort >= first && socket.localPort <= last,
        found -> owners(Stream.of(found)),
        Map.of());
  }

  private SocketsReport all(
      String name,
      Apart apart,
      Predicate<SocketEntry> wanted,
      Function<Sightings, SocketOwners> owning,
      Map<Feature, String> more)
      throws SourceException {
    Instant time = Instant.now();
    FiledSockets found =
        new FiledSockets(
            namespaces.own(),
            false,
            socket -> wanted.test(socket) ? ONE_FILE : FiledSockets.NOWHERE,
            apart);
    sockets.readPorts(ALL_PORTS, found);
    NamespaceVisit others = new NamespaceVisit(namespaces);
    others.read(ALL_PORTS, found);
    Sightings all = found.under(ONE_FILE);
    SocketOwners names = owning.apply(all);
    Map<Feature, String> unavailable = unavailable(others, names);
    unavailable.putAll(more);
    return new SocketsReport(
        name,
        time,
        others.searched(),
        named(all, names),
        all.untracked(),
        all.groups().named(names),
        Collections.unmodifiableMap(unavailable));
  }

  private SocketOwners owners(Stream<Sightings> found) {
    Set<Long> inodes = new HashSet<>();
    found.forEach(each -> {
      each.kept().forEach(socket -> inodes.add(socket.inode()));
      each.groups().inodes().forEach(inodes::add);
    });
    inodes.remove(0L);
    return new SocketOwners(owners, owners.holders(inodes), commands);
  }

  private static boolean isOf(String name, SocketEntry socket, SocketOwners names) {
    List<OwningProcess> processes = names.processes(socket.inode, socket.pid);
    return socket.inode != 0
        ? !processes.isEmpty()
        : processes.stream().anyMatch(process -> process.name().equals(name));
  }

  private static Map<Protocol, PortAvailability> availability(
      SocketTable table, int port, Set<Feature> unseen) {
    Map<Protocol, PortAvailability> availability = new EnumMap<>(Protocol.class);
    for (Protocol protocol : Protocol.values()) {
      availability.put(protocol, PortAvailability.of(table, protocol, port, unseen));
    }
    return Collections.unmodifiableMap(availability);
  }

  private static List<FoundSocket> named(Sightings sockets, SocketOwners names) {
    return sockets.kept().stream().map(names::name).sorted(ORDER).toList();
  }

  private Map<Feature, String> unavailable(NamespaceVisit others, SocketOwners names) {
    Map<Feature, String> all = HostPart.unavailable(namespaces, owners, sockets);
    if (!names.unseen().isEmpty()) {
      all.putIfAbsent(Feature.PROCESSES, names.unseen());
    }
    String trouble = others.trouble();
    if (!trouble.isEmpty()) {
      all.merge(Feature.NAMESPACES, trouble, (known, more) -> known + "; " + more);
    }
    return all;
  }
}
