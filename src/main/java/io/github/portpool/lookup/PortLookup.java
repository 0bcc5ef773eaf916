package io.github.portpool.lookup;

import io.github.portpool.host.OwningProcess;
import io.github.portpool.snapshot.Feature;
import io.github.portpool.source.NamespaceSource;
import io.github.portpool.source.OwnerSource;
import io.github.portpool.source.SocketSource;
import io.github.portpool.source.SourceException;
import io.github.portpool.table.PortSet;
import io.github.portpool.table.SocketEntry;
import java.time.Instant;
import java.util.Collections;
import java.util.Comparator;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.function.ToIntFunction;
import org.jspecify.annotations.Nullable;

/**
 * Looks for what is on a port, or what a process holds, in all namespaces, at one moment.
 *
 * <p>Costs one pass over the sockets of each namespace that has any, and a walk over the file
 * descriptors of processes until all owners are found. Used by one thread at a time; the sources
 * stay the caller's to close.
 */
public final class PortLookup {
  private static final PortSet ALL_PORTS = PortSet.range(0, PortSet.PORTS - 1);
  private static final int ONE_FILE = 0;

  private static final Comparator<FoundSocket> ORDER =
      Comparator.<FoundSocket, Boolean>comparing(socket -> socket.process() == null)
          .thenComparing(socket -> socket.state().hasDestination())
          .thenComparing(socket -> !socket.onHost())
          .thenComparing(FoundSocket::netns)
          .thenComparing(FoundSocket::protocol)
          .thenComparing(FoundSocket::ownerless)
          .thenComparingInt(FoundSocket::timeWaitMillis)
          .thenComparingInt(socket -> socket.local().port())
          .thenComparing(socket -> socket.local().address())
          .thenComparing(socket -> String.valueOf(socket.remote()));

  private final SocketSource sockets;
  private final @Nullable NamespaceSource namespaces;
  private final @Nullable OwnerSource owners;
  private final Map<Feature, String> missing;

  /**
   * A lookup of one host.
   *
   * @param sockets the sockets of the host's own namespace
   * @param namespaces the other namespaces, or null
   * @param owners who owns sockets, or null
   * @param missing why something of it is null: a sentence with the cure
   */
  public PortLookup(
      SocketSource sockets,
      @Nullable NamespaceSource namespaces,
      @Nullable OwnerSource owners,
      Map<Feature, String> missing) {
    this.sockets = sockets;
    this.namespaces = namespaces;
    this.owners = owners;
    this.missing = Map.copyOf(missing);
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
    FiledSockets found = new FiledSockets(NamespaceSource.HOST, filing);
    PortUse use = new PortUse(found);
    sockets.readPorts(wanted, use);
    String trouble = readOthers(wanted, filing, found);
    SocketOwners names =
        SocketOwners.of(
            owners, ports.stream().flatMap(port -> found.under(port).kept().stream()).toList());
    Map<Feature, String> unavailable = unavailable(trouble);
    return ports.stream()
        .map(port ->
            new PortReport(
                port,
                time,
                use.range(),
                ServiceRegistry.of(port),
                use.availability(port),
                named(found.under(port), names),
                found.under(port).untracked(),
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
  public ProcessReport held(String name) throws SourceException {
    Instant time = Instant.now();
    Map<Long, OwningProcess> held = owners == null ? Map.of() : owners.held(name);
    SocketOwners names = new SocketOwners(owners, held);
    ToIntFunction<SocketEntry> filing =
        socket -> isOf(name, socket, held, names) ? ONE_FILE : FiledSockets.NOWHERE;
    FiledSockets found = new FiledSockets(NamespaceSource.HOST, filing);
    sockets.readPorts(ALL_PORTS, found);
    String trouble = readOthers(ALL_PORTS, filing, found);
    Map<Feature, String> unavailable = unavailable(trouble);
    if (held.size() >= OwnerSource.MOST_HELD) {
      unavailable.put(
          Feature.PROCESSES,
          "they hold more than %,d sockets: only so many are looked for"
              .formatted(OwnerSource.MOST_HELD));
    }
    Sightings all = found.under(ONE_FILE);
    return new ProcessReport(
        name, time, named(all, names), all.untracked(), Collections.unmodifiableMap(unavailable));
  }

  private static boolean isOf(
      String name, SocketEntry socket, Map<Long, OwningProcess> held, SocketOwners names) {
    if (socket.inode != 0) {
      return held.containsKey(socket.inode);
    }
    OwningProcess process = names.process(0, socket.pid);
    return process != null && process.name().equals(name);
  }

  /** Returns what could not be read, in one sentence, or empty. */
  private String readOthers(PortSet ports, ToIntFunction<SocketEntry> filing, FiledSockets found) {
    if (namespaces == null) {
      return "";
    }
    OtherNamespaces others = new OtherNamespaces(namespaces);
    others.read(ports, filing, found);
    return others.trouble();
  }

  private static List<FoundSocket> named(Sightings sockets, SocketOwners names) {
    return sockets.kept().stream().map(names::name).sorted(ORDER).toList();
  }

  private Map<Feature, String> unavailable(String trouble) {
    Map<Feature, String> all = new EnumMap<>(Feature.class);
    all.putAll(missing);
    all.putAll(sockets.unavailable());
    if (namespaces != null) {
      all.putAll(namespaces.unavailable());
    }
    if (owners != null) {
      all.putAll(owners.unavailable());
    }
    if (!trouble.isEmpty()) {
      all.merge(Feature.NAMESPACES, trouble, (known, more) -> known + "; " + more);
    }
    return all;
  }
}
