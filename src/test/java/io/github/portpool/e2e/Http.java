package io.github.portpool.e2e;

import java.io.ByteArrayOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;

/**
 * HTTP over a plain socket: what is sent is what the test says, path and all, and it is sent in the
 * network namespace of the calling thread.
 */
public final class Http {
  private static final int TIMEOUT_MILLIS = 180_000;

  private final InetSocketAddress server;

  /** An answer; the names of its headers are of any case. */
  @SuppressWarnings("ArrayRecordComponent") // never compared
  public record Answer(int status, Map<String, String> headers, byte[] body) {
    public String text() {
      return new String(body, StandardCharsets.UTF_8);
    }

    public String header(String name) {
      return headers.getOrDefault(name, "");
    }
  }

  public Http(InetSocketAddress server) {
    this.server = server;
  }

  /** A connection on which nothing is sent yet. */
  public Socket connect() throws IOException {
    Socket socket = new Socket();
    socket.setSoTimeout(TIMEOUT_MILLIS);
    socket.connect(server, TIMEOUT_MILLIS);
    return socket;
  }

  /**
   * Sends a GET request, with headers such as {@code Accept: text/plain}; without another the host
   * is {@code localhost}. A page that says that it comes again is asked for again, as browsers do.
   */
  public Answer get(String path, String... headers) throws IOException {
    Answer answer = request("GET", path, headers);
    while (answer.headers().containsKey("Refresh")) {
      answer = request("GET", path, headers);
    }
    return answer;
  }

  public Answer request(String method, String path, String... headers) throws IOException {
    StringBuilder request = new StringBuilder(method + " " + path + " HTTP/1.1\r\n");
    request.append("Connection: close\r\n");
    if (Stream.of(headers).noneMatch(header -> header.startsWith("Host:"))) {
      request.append("Host: localhost\r\n");
    }
    for (String header : headers) {
      request.append(header).append("\r\n");
    }
    try (Socket socket = connect()) {
      socket
          .getOutputStream()
          .write(request.append("\r\n").toString().getBytes(StandardCharsets.ISO_8859_1));
      return answer(socket.getInputStream());
    }
  }

  private static Answer answer(InputStream in) throws IOException {
    int status = Integer.parseInt(line(in).split(" ", 3)[1]);
    Map<String, String> headers = new TreeMap<>(String.CASE_INSENSITIVE_ORDER);
    for (String line = line(in); !line.isEmpty(); line = line(in)) {
      int colon = line.indexOf(':');
      String value = line.substring(colon + 1).strip();
      headers.merge(line.substring(0, colon), value, (first, next) -> first + ", " + next);
    }
    boolean chunked = "chunked".equalsIgnoreCase(headers.get("transfer-encoding"));
    return new Answer(status, headers, chunked ? chunks(in) : in.readAllBytes());
  }

  private static byte[] chunks(InputStream in) throws IOException {
    ByteArrayOutputStream body = new ByteArrayOutputStream();
    int length = Integer.parseInt(line(in), 16);
    while (length > 0) {
      body.write(in.readNBytes(length));
      line(in);
      length = Integer.parseInt(line(in), 16);
    }
    return body.toByteArray();
  }

  private static String line(InputStream in) throws IOException {
    StringBuilder line = new StringBuilder();
    for (int next = in.read(); next != '\n'; next = in.read()) {
      if (next < 0) {
        throw new EOFException("the answer ends early: " + line);
      }
      line.append((char) next);
    }
    return line.toString().strip();
  }
}
