package io.github.portpool.daemon;

import java.io.IOException;
import java.lang.System.Logger.Level;
import java.net.BindException;
import java.net.ConnectException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.HashSet;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * Whether the agent's own server answers, asked over its own addresses.
 *
 * <p>The host may have no port left, so the client names one, below the usual ranges. What keeps
 * the client itself from asking says nothing about the server; nor does silence on an address that
 * never answered, for a firewall may shut it to this host. By TLS the answer is that this is no
 * handshake, which is an answer.
 */
public final class SelfCheck {
  private static final Duration PATIENCE = Duration.ofSeconds(10);
  private static final int FIRST_PORT = 1024;
  private static final int TRIES = 64;
  private static final byte[] REQUEST =
      "GET /-/healthy HTTP/1.0\r\n\r\n".getBytes(StandardCharsets.US_ASCII);
  private static final System.Logger LOG = System.getLogger(SelfCheck.class.getName());

  private final Set<InetSocketAddress> addresses;
  private final int timeoutMillis;
  private final Set<InetSocketAddress> heard = new HashSet<>();
  private boolean saidSilent;

  /** A check of what listens on all of the addresses. */
  public SelfCheck(Set<InetSocketAddress> addresses) {
    this(addresses, PATIENCE);
  }

  /** A check that takes so long at most for each of them. */
  SelfCheck(Set<InetSocketAddress> addresses, Duration patience) {
    this.timeoutMillis = (int) patience.toMillis();
    this.addresses = addresses.stream().map(SelfCheck::here).collect(Collectors.toSet());
  }

  private static InetSocketAddress here(InetSocketAddress address) {
    return address.getAddress().isAnyLocalAddress()
        ? new InetSocketAddress(InetAddress.getLoopbackAddress(), address.getPort())
        : address;
  }

  /** Asks, and waits for an answer. */
  public boolean answers() {
    boolean silent = addresses.stream().anyMatch(address -> !answers(address));
    if (silent && !saidSilent) {
      LOG.log(Level.ERROR, "the server does not answer; the service manager is not told otherwise");
    }
    saidSilent = silent;
    return !silent;
  }

  private boolean answers(InetSocketAddress address) {
    try (Socket client = new Socket()) {
      client.setReuseAddress(true);
      client.setSoLinger(true, 0); // nothing is left of it in TIME_WAIT
      client.setSoTimeout(timeoutMillis);
      bind(client, address.getAddress());
      client.connect(address, timeoutMillis);
      client.getOutputStream().write(REQUEST);
      client.getInputStream().read();
      heard.add(address);
      return true;
    } catch (ConnectException | SocketTimeoutException e) {
      return !heard.contains(address);
    } catch (IOException e) {
      return true;
    }
  }

  private static void bind(Socket client, InetAddress address) throws BindException {
    for (int port = FIRST_PORT; port < FIRST_PORT + TRIES; port++) {
      try {
        client.bind(new InetSocketAddress(address, port));
        return;
      } catch (IOException e) {
        // It is taken, or not allowed.
      }
    }
    throw new BindException("no port could be named");
  }
}
