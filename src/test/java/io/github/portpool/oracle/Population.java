package io.github.portpool.oracle;

import io.github.portpool.oracle.Kernel.Server;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** Sockets that a test holds, made in the ways in which programs make them. */
public final class Population implements AutoCloseable {
  private final List<TestSocket> held = new ArrayList<>();

  /** Keeps a socket open. */
  public TestSocket hold(TestSocket socket) {
    held.add(socket);
    return socket;
  }

  /** A connection whose port connect() chose; both its ends are held. Returns 0 or the errno. */
  public int connect(String source, String address, Server server) throws InterruptedException {
    return connect(TestSocket.tcp(source.contains(":")), source, address, server);
  }

  /** The same of a socket that is bound to an interface. */
  public int connectBoundTo(int interfaceIndex, String source, String address, Server server)
      throws InterruptedException {
    TestSocket socket = TestSocket.tcp(source.contains(":")).boundTo(interfaceIndex);
    return connect(socket, source, address, server);
  }

  /** The same of a proxy that has its client's address: IP_TRANSPARENT. */
  public int connectTransparent(String source, String address, Server server)
      throws InterruptedException {
    return connect(TestSocket.tcp(false).transparent(), source, address, server);
  }

  /** The same through an IPv6 socket to an IPv4 address. */
  public int connectMapped(String source, String address, Server server)
      throws InterruptedException {
    return connect(TestSocket.tcp(true), source, address, server);
  }

  private int connect(TestSocket socket, String source, String address, Server server)
      throws InterruptedException {
    hold(socket);
    chooseSource(socket, source);
    return finish(socket, address, server);
  }

  /** A connection from an explicitly bound port. Returns 0 or the errno. */
  public int bindThenConnect(String source, int port, String address, Server server)
      throws InterruptedException {
    TestSocket socket = hold(TestSocket.tcp(source.contains(":")));
    int errno = socket.bind(source, port);
    return errno != 0 ? errno : finish(socket, address, server);
  }

  private int finish(TestSocket socket, String address, Server server) throws InterruptedException {
    int errno = socket.connect(address, server.port());
    if (errno == 0) {
      hold(accepted(server));
    }
    return errno;
  }

  /** A connection that the client has closed and the server has not: FIN_WAIT2, an orphan. */
  public void finWait2(String source, String address, Server server) throws InterruptedException {
    TestSocket client = client(source, address, server);
    hold(accepted(server));
    client.hangUp();
  }

  /** A connection that the server has closed and the client has not: CLOSE_WAIT. */
  public void closeWait(String source, String address, Server server) throws InterruptedException {
    hold(client(source, address, server));
    accepted(server).hangUp();
  }

  /** A connection that both have closed, the client first: its port is in TIME_WAIT. */
  public void timeWait(String source, String address, Server server) throws InterruptedException {
    TestSocket client = client(source, address, server);
    TestSocket accepted = accepted(server);
    client.hangUp();
    accepted.hangUp();
  }

  private static TestSocket client(String source, String address, Server server) {
    TestSocket client = TestSocket.tcp(source.contains(":"));
    chooseSource(client, source);
    Kernel.check(client.connect(address, server.port()));
    return client;
  }

  /** An IPv6 address is left to connect(): binding it would set IPV6_V6ONLY. */
  private static void chooseSource(TestSocket client, String source) {
    if (!source.contains(":")) {
      Kernel.check(client.bindAddressNoPort().bind(source, 0));
    }
  }

  static TestSocket accepted(Server server) throws InterruptedException {
    return accepted(server::accept);
  }

  /** The connection that comes in, waited for. */
  static TestSocket accepted(Supplier<@Nullable TestSocket> accept) throws InterruptedException {
    long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(180);
    while (true) {
      TestSocket accepted = accept.get();
      if (accepted != null) {
        return accepted;
      }
      if (System.nanoTime() > deadline) {
        throw new AssertionError("no connection came in");
      }
      Thread.sleep(1);
    }
  }

  /** A listener; returns 0 or the errno. */
  public int listen(TestSocket socket, String address, int port) {
    int errno = hold(socket).bind(address, port);
    return errno != 0 ? errno : socket.listen(16);
  }

  /** A socket that is bound and nothing else; returns 0 or the errno. */
  public int bind(TestSocket socket, String address, int port) {
    return hold(socket).bind(address, port);
  }

  @Override
  public void close() {
    held.forEach(TestSocket::close);
  }
}
