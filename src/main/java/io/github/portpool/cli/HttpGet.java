package io.github.portpool.cli;

import io.github.portpool.table.EphemeralPorts;
import java.io.IOException;
import java.io.InputStream;
import java.net.BindException;
import java.net.Inet4Address;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.ThreadLocalRandom;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import javax.net.ssl.SSLParameters;
import javax.net.ssl.SSLSocket;
import javax.net.ssl.SSLSocketFactory;

/**
 * One question over HTTP/1.0, for which there is a port also when the pool has none left:
 * java.net.http and HttpURLConnection cannot choose theirs.
 */
final class HttpGet implements AutoCloseable {
  private static final int CONNECT_MILLIS = 500;
  private static final int MOST_TRIES = 200;
  private static final int MOST_HEAD_BYTES = 1 << 16;
  private static final Pattern HEAD =
      Pattern.compile("HTTP/1\\.\\d (\\d{3})\\b.*?\r?\n\r?\n", Pattern.DOTALL);

  /** An answer's status and body. */
  record Answer(int status, String body) {
    /**
     * Reads an answer.
     *
     * @throws IOException when it is not one of HTTP
     */
    static Answer of(String text) throws IOException {
      Matcher head = HEAD.matcher(text);
      if (!head.lookingAt()) {
        throw new IOException("it does not speak HTTP");
      }
      return new Answer(Integer.parseInt(head.group(1)), text.substring(head.end()));
    }
  }

  private final URI page;
  private final Socket socket;

  /**
   * Connects to where a page is.
   *
   * @param pool the ports that connect() chooses from by itself
   * @throws BindException when there is no port, or no address, to connect from
   */
  HttpGet(URI page, EphemeralPorts pool) throws IOException {
    this.page = page;
    boolean secure = page.getScheme().equals("https");
    int port = page.getPort() < 0 ? (secure ? 443 : 80) : page.getPort();
    String host = page.getHost().replaceAll("[\\[\\]]", "");
    Socket plain = connected(new InetSocketAddress(InetAddress.getByName(host), port), pool);
    try {
      socket = secure ? secured(plain, host, port) : plain;
    } catch (IOException e) {
      plain.close();
      throw e;
    }
  }

  private static Socket connected(InetSocketAddress server, EphemeralPorts pool)
      throws IOException {
    try {
      return connected(server, new InetSocketAddress(0), false);
    } catch (BindException exhausted) {
      for (int tries = 0; tries < MOST_TRIES; tries++) {
        try {
          return connected(server, local(server.getAddress(), pool), true);
        } catch (BindException taken) {
          exhausted = taken;
        }
      }
      throw exhausted;
    }
  }

  /**
   * On a port that is named, connect() needs none; bound after SO_REUSEADDR, also one that rests.
   */
  private static Socket connected(InetSocketAddress server, InetSocketAddress local, boolean bind)
      throws IOException {
    Socket socket = new Socket();
    try {
      if (bind) {
        socket.setReuseAddress(true);
        socket.bind(local);
      }
      socket.connect(server, CONNECT_MILLIS);
      return socket;
    } catch (IOException e) {
      socket.close();
      throw e;
    }
  }

  /** A port outside the pool if there are any, and for IPv4 loopback an address of its own. */
  private static InetSocketAddress local(InetAddress server, EphemeralPorts pool)
      throws IOException {
    ThreadLocalRandom random = ThreadLocalRandom.current();
    int port = pool.anyBesides(random);
    if (!server.isLoopbackAddress() || !(server instanceof Inet4Address)) {
      return new InetSocketAddress(port);
    }
    byte[] own = {127, (byte) random.nextInt(1, 255), (byte) random.nextInt(256), 1};
    return new InetSocketAddress(InetAddress.getByAddress(own), port);
  }

  private static Socket secured(Socket plain, String host, int port) throws IOException {
    SSLSocketFactory factory = (SSLSocketFactory) SSLSocketFactory.getDefault();
    SSLSocket secure = (SSLSocket) factory.createSocket(plain, host, port, true);
    SSLParameters parameters = secure.getSSLParameters();
    parameters.setEndpointIdentificationAlgorithm("HTTPS");
    secure.setSSLParameters(parameters);
    return secure;
  }

  /**
   * Asks for a page, and waits for all of it, or for one byte more than {@code mostBytes}.
   *
   * @throws IOException when what answers does not speak HTTP
   */
  Answer ask(int mostBytes) throws IOException {
    String port = page.getPort() < 0 ? "" : ":" + page.getPort();
    byte[] question = question(page.getRawPath(), page.getHost() + port, "application/json");
    socket.getOutputStream().write(question);
    InputStream in = socket.getInputStream();
    String text = new String(in.readNBytes(MOST_HEAD_BYTES + mostBytes), StandardCharsets.UTF_8);
    return Answer.of(text);
  }

  /** What asks for a page, and for nothing after it. */
  static byte[] question(String path, String host, String type) {
    return "GET %s HTTP/1.0\r\nHost: %s\r\nAccept: %s\r\nConnection: close\r\n\r\n"
        .formatted(path, host, type)
        .getBytes(StandardCharsets.US_ASCII);
  }

  @Override
  public void close() throws IOException {
    socket.close();
  }
}
