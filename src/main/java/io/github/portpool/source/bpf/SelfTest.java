package io.github.portpool.source.bpf;

import io.github.portpool.host.Trouble;
import io.github.portpool.linux.SysctlFiles;
import io.github.portpool.snapshot.Protocol;
import io.github.portpool.snapshot.SocketState;
import io.github.portpool.snapshot.TcpSettings;
import io.github.portpool.source.SourceException;
import io.github.portpool.source.SourceException.Reason;
import io.github.portpool.source.sockdiag.KernelSettings;
import io.github.portpool.source.sockdiag.TcpTables;
import io.github.portpool.table.EphemeralPorts;
import io.github.portpool.table.Fact;
import io.github.portpool.table.IpAddress;
import io.github.portpool.table.PortSet;
import io.github.portpool.table.SocketEntry;
import io.github.portpool.table.SocketSink;
import java.io.IOException;
import java.net.BindException;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.NoRouteToHostException;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.SocketAddress;
import java.net.SocketException;
import java.util.Random;
import java.util.Set;
import java.util.TreeSet;

/**
 * Whether the tables show sockets of one's own as they are: a later kernel may mean something else
 * by a name that stays, and then nothing that the tables show is true.
 *
 * <p>Its sockets name their ports, on addresses of loopback that nobody else uses, so that it works
 * also on a host that is out of ports; and ports outside of the pool where there are any, which
 * would be closed to connect() meanwhile.
 */
final class SelfTest {
  private static final int TRIES = 20;

  /** Where loopback is down, nothing answers. */
  private static final int CONNECT_MILLIS = 500;

  private final Set<String> made = new TreeSet<>();
  private final PortSet ports = new PortSet();
  private final Random random = new Random();
  private final EphemeralPorts pool;

  private SelfTest(EphemeralPorts pool) {
    this.pool = pool;
  }

  /**
   * Tests tables of the network namespace of the calling thread.
   *
   * @throws SourceException when they do not show what there is
   */
  static void of(TcpTables tables) throws SourceException {
    try (SysctlFiles files = new SysctlFiles()) {
      new SelfTest(new KernelSettings(files::read).range()).test(tables);
    }
  }

  private void test(TcpTables tables) throws SourceException {
    try (ServerSocket listener = new ServerSocket();
        Socket bound = new Socket();
        Socket named = new Socket();
        Socket given = new Socket();
        DatagramSocket waiting = new DatagramSocket(null);
        DatagramSocket talking = new DatagramSocket(null)) {
      bindAnywhere(address -> listener.bind(address, 2));
      bindAnywhere(bound::bind);
      bindAnywhere(named::bind);
      bindAnywhere(waiting::bind);
      bindAnywhere(talking::bind);
      talking.connect(waiting.getLocalSocketAddress());
      add(Protocol.UDP, SocketState.UNCONNECTED, place(waiting.getLocalSocketAddress()), Fact.YES);
      add(Protocol.UDP, SocketState.ESTABLISHED, place(talking.getLocalSocketAddress()), Fact.YES);
      InetSocketAddress server = place(listener.getLocalSocketAddress());
      add(Protocol.TCP, SocketState.LISTEN, server, Fact.YES);
      add(Protocol.TCP, SocketState.BOUND, place(bound.getLocalSocketAddress()), Fact.YES);
      connect(named, server, Fact.YES);
      try {
        connect(given, server, Fact.NO);
      } catch (BindException | NoRouteToHostException e) {
        // EADDRNOTAVAIL: the host is out of ports, and the other sockets have to do.
      }
      Set<String> seen = seen(tables);
      if (!seen.equals(made)) {
        throw new SourceException(
            Reason.MALFORMED,
            "the kernel's tables do not show sockets of the agent's own as they are: please report"
                + " it, with uname -a");
      }
    } catch (IOException e) {
      throw new SourceException(
          Reason.SOCKET,
          "the kernel's tables cannot be tested ("
              + Trouble.reason(e)
              + "): let loopback be up, and the agent use it",
          e);
    }
  }

  private interface Binding {
    void bind(SocketAddress address) throws IOException;
  }

  private void bindAnywhere(Binding binding) throws IOException {
    for (int tries = 1; ; tries++) {
      byte[] address = {127, next(), next(), next()};
      int port = pool.anyBesides(random);
      try {
        binding.bind(new InetSocketAddress(InetAddress.getByAddress(address), port));
        return;
      } catch (SocketException e) {
        if (tries == TRIES) {
          throw e;
        }
      }
    }
  }

  private byte next() {
    return (byte) random.nextInt(1, 255);
  }

  /** Both ends of a connection; the listener's end shares its bucket, whoever accepts it. */
  private void connect(Socket client, InetSocketAddress server, Fact bindMade) throws IOException {
    client.connect(server, CONNECT_MILLIS);
    InetSocketAddress own = place(client.getLocalSocketAddress());
    add(Protocol.TCP, SocketState.ESTABLISHED, own, bindMade);
    add(Protocol.TCP, SocketState.ESTABLISHED, server, Fact.YES);
  }

  private static InetSocketAddress place(SocketAddress address) {
    return (InetSocketAddress) address;
  }

  private void add(Protocol protocol, SocketState state, InetSocketAddress local, Fact bindMade) {
    ports.add(local.getPort());
    made.add(protocol + " " + state + " " + IpAddress.withPort(local) + " " + bindMade);
  }

  private Set<String> seen(TcpTables tables) throws SourceException {
    Set<String> seen = new TreeSet<>();
    SocketSink sink =
        new SocketSink() {
          @Override
          public void begin(EphemeralPorts range, TcpSettings tcp) {
            seen.clear();
          }

          @Override
          public void socket(SocketEntry socket) {
            String text =
                socket.protocol
                    + " "
                    + socket.state
                    + " "
                    + IpAddress.withPort(socket.localHigh, socket.localLow, socket.localPort)
                    + " "
                    + socket.bindMade;
            if (ports.contains(socket.localPort) && (made.contains(text) || isOwn(socket))) {
              seen.add(text);
            }
          }
        };
    Set<Protocol> read =
        tables.read(new EphemeralPorts(ports.first(), ports.last(), new PortSet()), sink);
    made.removeIf(text -> !read.contains(Protocol.valueOf(text.substring(0, text.indexOf(' ')))));
    return seen;
  }

  /** Of an address that nobody else uses. */
  private boolean isOwn(SocketEntry socket) {
    String place =
        " " + IpAddress.withPort(socket.localHigh, socket.localLow, socket.localPort) + " ";
    return made.stream().anyMatch(each -> each.contains(place));
  }
}
