package io.github.portpool.source.oshi;

import io.github.portpool.snapshot.Feature;
import io.github.portpool.snapshot.IanaRange;
import io.github.portpool.source.PortsAlone;
import io.github.portpool.source.SocketSource;
import io.github.portpool.source.SourceException;
import io.github.portpool.source.SourceException.Reason;
import io.github.portpool.table.EphemeralPorts;
import io.github.portpool.table.Fact;
import io.github.portpool.table.PortSet;
import io.github.portpool.table.SocketEntry;
import io.github.portpool.table.SocketSink;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Supplier;
import oshi.SystemInfo;
import oshi.software.os.InternetProtocolStats.IPConnection;
import oshi.util.PlatformEnum;

/** Reads the sockets of this host through OSHI, on macOS, Windows and Linux. */
public final class OshiSource implements SocketSource {
  private static final EphemeralPorts ASSUMED =
      new EphemeralPorts(IanaRange.DYNAMIC.first(), IanaRange.DYNAMIC.last(), new PortSet());

  private final Supplier<List<IPConnection>> connections;
  private final HostSettings settings;
  private final Map<Feature, String> blindSpots;
  private volatile boolean rangeKnown;

  /** A source of connections and settings that fail with what OSHI and JNA throw. */
  OshiSource(
      Supplier<List<IPConnection>> connections,
      HostSettings settings,
      Map<Feature, String> blindSpots) {
    this.connections = connections;
    this.settings = settings;
    this.blindSpots = blindSpots;
  }

  /**
   * A source that asks the system that this process runs on.
   *
   * @throws SourceException when OSHI does not work here
   */
  public static OshiSource open() throws SourceException {
    try {
      PlatformEnum system = PlatformEnum.getCurrentPlatform();
      return new OshiSource(
          new SystemInfo().getOperatingSystem().getInternetProtocolStats()::getConnections,
          settings(system),
          BlindSpots.on(system));
    } catch (RuntimeException | LinkageError e) {
      throw failed(e);
    }
  }

  private static HostSettings settings(PlatformEnum system) throws SourceException {
    return switch (system) {
      case LINUX -> new LinuxSettings();
      case MACOS -> new RememberedRange(MacRange::read, System::nanoTime);
      case WINDOWS -> new RememberedRange(WindowsRange::read, System::nanoTime);
      default ->
          throw new SourceException(
              Reason.SOCKET, "this system is not supported: use Linux, macOS or Windows");
    };
  }

  @Override
  public String name() {
    return "oshi";
  }

  @Override
  public Map<Feature, String> unavailable() {
    Map<Feature, String> unavailable = new EnumMap<>(blindSpots);
    if (rangeKnown) {
      unavailable.remove(Feature.EPHEMERAL_RANGE);
    }
    return unavailable;
  }

  @Override
  public void read(SocketSink sink) throws SourceException {
    Optional<EphemeralPorts> known;
    List<IPConnection> found;
    try {
      known = settings.range();
      found = connections.get();
    } catch (RuntimeException | LinkageError e) {
      throw failed(e);
    }
    if (found.isEmpty()) {
      // What OSHI returns when it fails; the agent itself has a listener.
      throw new SourceException(
          Reason.SOCKET, "the system tells OSHI no socket: run the agent as root or administrator");
    }
    rangeKnown = known.isPresent();
    EphemeralPorts range = known.orElse(ASSUMED);
    sink.begin(range, settings.tcp());
    ConnectionDecoder decoder = new ConnectionDecoder(range);
    pass(found, decoder, sink, true);
    pass(found, decoder, sink, false);
    sink.end();
  }

  @Override
  public void readPorts(PortSet ports, SocketSink sink) throws SourceException {
    read(new PortsAlone(ports, sink));
  }

  /** Passes those sockets on that close their port to every connect(), or the others. */
  private static void pass(
      List<IPConnection> found, ConnectionDecoder decoder, SocketSink sink, boolean closing) {
    for (IPConnection connection : found) {
      SocketEntry socket = decoder.decode(connection);
      boolean holdsPort = socket.localPort != 0;
      if (holdsPort && (socket.bindMade == Fact.YES) == closing) {
        sink.socket(socket);
      }
    }
  }

  private static SourceException failed(Throwable cause) {
    if (cause.getCause() instanceof ClassNotFoundException) {
      return new SourceException(
          Reason.SOCKET, "OSHI is missing: add com.github.oshi:oshi-core to the class path", cause);
    }
    String cure =
        cause instanceof LinkageError
            ? "give Java a directory that it may load JNA's library from, -Djna.tmpdir="
            : "run the agent as root or administrator";
    return new SourceException(Reason.SOCKET, "OSHI failed (" + cause + "): " + cure, cause);
  }

  @Override
  public void close() {
    settings.close();
  }
}
