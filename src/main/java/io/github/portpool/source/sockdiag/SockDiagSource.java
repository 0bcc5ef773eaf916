package io.github.portpool.source.sockdiag;

import static io.github.portpool.linux.netlink.SocketStates.TCP_BOUND_INACTIVE;
import static io.github.portpool.linux.netlink.SocketStates.TCP_CLOSE;
import static io.github.portpool.linux.netlink.SocketStates.TCP_FIN_WAIT2;
import static io.github.portpool.linux.netlink.SocketStates.TCP_LISTEN;
import static io.github.portpool.linux.netlink.SocketStates.TCP_NEW_SYN_RECV;
import static io.github.portpool.linux.netlink.SocketStates.TCP_TIME_WAIT;

import io.github.portpool.host.Trouble;
import io.github.portpool.linux.Errno;
import io.github.portpool.linux.netlink.Attempts;
import io.github.portpool.linux.netlink.InetDiagFilter;
import io.github.portpool.linux.netlink.InetDiagRequest;
import io.github.portpool.snapshot.Feature;
import io.github.portpool.snapshot.Protocol;
import io.github.portpool.snapshot.TcpSettings;
import io.github.portpool.source.PortsAlone;
import io.github.portpool.source.SocketSource;
import io.github.portpool.source.SourceException;
import io.github.portpool.source.SourceException.Reason;
import io.github.portpool.table.EphemeralPorts;
import io.github.portpool.table.PortSet;
import io.github.portpool.table.SocketEntry;
import io.github.portpool.table.SocketSink;
import java.io.IOException;
import java.util.EnumMap;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;

/**
 * Reads the sockets of one network namespace from the kernel, unprivileged.
 *
 * <p>Two walks over the kernel's table of TCP sockets, and two for each family of UDP: the first
 * for the sockets that named a port and those without a peer, the second for those whose port the
 * kernel chose. A socket is in one of them. The filters run in the kernel, so that connections
 * which came in on ports outside the ephemeral range are never copied. No filter knows what a
 * transparent proxy accepted: where one listens, two more walks put it first, and last those
 * sockets, TIME_WAIT above all, of which the kernel does not tell.
 */
public final class SockDiagSource implements SocketSource {
  private static final int CONNECTED =
      ((1 << (TCP_NEW_SYN_RECV + 1)) - 2) & ~(1 << TCP_CLOSE) & ~(1 << TCP_LISTEN);
  private static final int CONNECTED_FULL =
      CONNECTED & ~(1 << TCP_TIME_WAIT) & ~(1 << TCP_NEW_SYN_RECV);
  private static final int WITHOUT_OPTIONS =
      (1 << TCP_TIME_WAIT) | (1 << TCP_FIN_WAIT2) | (1 << TCP_NEW_SYN_RECV);
  private static final int WITHOUT_PEER = (1 << TCP_LISTEN) | (1 << TCP_BOUND_INACTIVE);
  private static final int ANY = -1;

  private static final Map<Feature, String> NOT_IN_SOCK_DIAG =
      Map.of(
          Feature.EXACT_BLOCKED,
          "sock_diag does not show whether a port's bind bucket was made by bind(0), by a listener"
              + " that has closed, or by BPF that hands connections to one on another port; headroom"
              + " is an upper bound where programs do that");

  private final String name;
  private final KernelChannel kernel;
  private final KernelSettings settings;
  private final SocketDump dump;
  private final Optional<TcpTables> tables;
  private final Map<Feature, String> unavailable = new EnumMap<>(Feature.class);
  private final Map<Feature, String> unseenByDumps = new EnumMap<>(NOT_IN_SOCK_DIAG);
  private Optional<SourceException> setback = Optional.empty();
  private boolean bothFamiliesAtOnce = true;

  /**
   * A source that asks a kernel, or a recording of one.
   *
   * @throws SourceException when the kernel's settings cannot be read
   */
  public SockDiagSource(String name, KernelChannel kernel) throws SourceException {
    this(name, kernel, Optional.empty());
  }

  /**
   * A source that reads by a better way where there is one, and by sock_diag in a pass in which
   * that fails.
   *
   * @throws SourceException when the kernel's settings cannot be read
   */
  public SockDiagSource(String name, KernelChannel kernel, Optional<TcpTables> tables)
      throws SourceException {
    this.name = name;
    this.kernel = kernel;
    this.tables = tables;
    this.settings = new KernelSettings(kernel);
    this.dump = new SocketDump(kernel);
    if (InetDiagRequest.unsupportedByteOrder()) {
      throw new SourceException(
          Reason.SOCKET, "this machine is big-endian, which is not supported: use --source=oshi");
    }
    // Opens every file now, in the namespace of this thread.
    settings.range();
    settings.tcp();
    if (!settings.isAtLeast(5, 8)) {
      unavailable.put(
          Feature.CGROUPS,
          "this kernel does not show the control groups of sockets: it takes Linux 5.8 or later");
    }
    if (!settings.isAtLeast(6, 8)) {
      unseenByDumps.put(
          Feature.BOUND_INACTIVE,
          "this kernel does not show bound sockets that neither listen nor connect, and each closes"
              + " its port to every connect() and bind(): free ports are upper bounds without Linux"
              + " 6.8, or Linux 5.17 with CAP_BPF and CAP_PERFMON");
    }
  }

  /**
   * A source that asks the running kernel, in the network namespace of this thread.
   *
   * @throws SourceException when the kernel or a sandbox refuses
   */
  public static SockDiagSource live() throws SourceException {
    return live("");
  }

  /**
   * The same, which tells why no better way is open.
   *
   * @throws SourceException when the kernel or a sandbox refuses
   */
  public static SockDiagSource live(String whyNotExact) throws SourceException {
    SockDiagSource source = live("linux", Optional.empty());
    if (!whyNotExact.isEmpty()) {
      source.unseenByDumps.merge(
          Feature.EXACT_BLOCKED, whyNotExact, (seen, why) -> seen + "; for exact numbers: " + why);
    }
    return source;
  }

  /**
   * The same under a name of its own, by a better way where there is one.
   *
   * @throws SourceException when the kernel or a sandbox refuses
   */
  public static SockDiagSource live(String name, Optional<TcpTables> tables)
      throws SourceException {
    KernelChannel kernel = kernel();
    try {
      return new SockDiagSource(name, kernel, tables);
    } catch (SourceException e) {
      kernel.close();
      throw e;
    }
  }

  /**
   * The running kernel, in the network namespace of this thread.
   *
   * @throws SourceException when it is not Linux, or it or a sandbox refuses
   */
  public static KernelChannel kernel() throws SourceException {
    if (!System.getProperty("os.name", "").equals("Linux")) {
      throw new SourceException(Reason.SOCKET, "this is not Linux: use --source=oshi");
    }
    try {
      return new LiveKernel();
    } catch (IOException e) {
      throw new SourceException(
          Reason.SOCKET,
          "cannot ask the kernel for its sockets ("
              + Trouble.reason(e)
              + "): allow AF_NETLINK (systemd: RestrictAddressFamilies=, container: seccomp)",
          e);
    }
  }

  @Override
  public String name() {
    return name;
  }

  @Override
  public Map<Feature, String> unavailable() {
    Map<Feature, String> all = new EnumMap<>(Feature.class);
    if (tables.isEmpty() || setback.isPresent()) {
      all.putAll(unseenByDumps);
      setback.ifPresent(e -> all.put(Feature.EXACT_BLOCKED, e.message()));
    }
    all.putAll(unavailable);
    return all;
  }

  /** The settings of its kernel. */
  public KernelSettings settings() {
    return settings;
  }

  @Override
  public OptionalInt atHand() {
    return tables.map(TcpTables::atHand).orElse(OptionalInt.empty());
  }

  @Override
  public Optional<SourceException> setback() {
    return setback;
  }

  @Override
  public void read(SocketSink sink) throws SourceException {
    Attempts.make(() -> {
      EphemeralPorts range = settings.range();
      readOnce(range, range, sink);
    });
  }

  @Override
  public void readPorts(PortSet ports, SocketSink sink) throws SourceException {
    if (ports.size() == 0) {
      throw new IllegalArgumentException("no port to look for");
    }
    EphemeralPorts around = new EphemeralPorts(ports.first(), ports.last(), new PortSet());
    Attempts.make(() -> readOnce(settings.range(), around, new PortsAlone(ports, sink)));
  }

  /**
   * The ports of TCP listeners that their programs named in {@code bind()}, which a pass does not
   * tell from those that the kernel chose.
   *
   * @throws SourceException when the sockets could not be read
   */
  public PortSet namedListeners() throws SourceException {
    PortSet ports = new PortSet();
    SocketSink sink =
        new SocketSink() {
          @Override
          public void begin(EphemeralPorts range, TcpSettings tcp) {
            ports.clear();
          }

          @Override
          public void socket(SocketEntry socket) {
            ports.add(socket.localPort);
          }
        };
    Attempts.make(() -> {
      EphemeralPorts range = settings.range();
      TcpSettings tcp = settings.tcp();
      sink.begin(range, tcp);
      dump.begin(sink, tcp);
      dump(Protocol.TCP, 1 << TCP_LISTEN, Kind.NAMED, InetDiagFilter.explicitOnly(range));
    });
    return ports;
  }

  /** Reads all sockets without a peer, and those with one on ports of the range {@code wanted}. */
  private void readOnce(EphemeralPorts live, EphemeralPorts wanted, SocketSink sink)
      throws SourceException {
    TcpSettings tcp = settings.tcp();
    sink.begin(live, tcp);
    dump.begin(sink, tcp);
    byte[] automatic = InetDiagFilter.automatic(wanted);
    Set<Protocol> read = readTables(wanted, sink);
    if (!read.contains(Protocol.TCP)) {
      if (setback.isPresent()) {
        sink.begin(live, tcp);
      }
      dump(
          Protocol.TCP, WITHOUT_PEER | CONNECTED_FULL, Kind.NAMED, InetDiagFilter.explicit(wanted));
      if (dump.proxyListens()) {
        dump(Protocol.TCP, CONNECTED_FULL, Kind.INTERCEPTED, automatic);
        dump(Protocol.TCP, CONNECTED_FULL, Kind.CHOSEN_BY_KERNEL, automatic);
        dump(Protocol.TCP, WITHOUT_OPTIONS, Kind.LEFT_OVER, automatic);
      } else {
        dump(Protocol.TCP, CONNECTED, Kind.UNNAMED, automatic);
      }
    }
    if (!read.contains(Protocol.UDP)) {
      dump(Protocol.UDP, ANY, Kind.NAMED, InetDiagFilter.explicitOnly(wanted));
      dump(Protocol.UDP, ANY, Kind.UNNAMED, automatic);
    }
    sink.end();
  }

  /** Reads what the tables have; the dumps have the rest. */
  private Set<Protocol> readTables(EphemeralPorts wanted, SocketSink sink) {
    setback = Optional.empty();
    try {
      return tables.isPresent() ? tables.get().read(wanted, sink) : Set.of();
    } catch (SourceException e) {
      setback = Optional.of(e);
      return Set.of();
    }
  }

  private void dump(Protocol protocol, int states, Kind kind, byte[] program)
      throws SourceException {
    if (protocol == Protocol.TCP && bothFamiliesAtOnce) {
      int errno = dump.run(protocol, InetDiagRequest.BOTH_FAMILIES, states, kind, program);
      if (errno == 0) {
        return;
      }
      bothFamiliesAtOnce = false;
    }
    for (int family : InetDiagRequest.families()) {
      int errno = dump.run(protocol, family, states, kind, program);
      if (errno != 0) {
        throw refused(protocol, errno);
      }
    }
  }

  private static SourceException refused(Protocol protocol, int errno) {
    return new SourceException(
        Reason.REFUSED,
        "the kernel does not list "
            + protocol.name()
            + " sockets ("
            + Errno.name(errno)
            + "): load its module, modprobe "
            + protocol.label()
            + "_diag");
  }

  @Override
  public void close() {
    tables.ifPresent(TcpTables::close);
    kernel.close();
  }
}
