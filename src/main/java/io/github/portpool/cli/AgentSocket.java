package io.github.portpool.cli;

import java.io.IOException;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;

/**
 * The Unix socket of the agent that runs on this host as a service, in the runtime directory that
 * systemd gives it: RuntimeDirectory= in systemd.exec(5). It takes no port.
 */
final class AgentSocket {
  private static final String VARIABLE = "RUNTIME_DIRECTORY";
  private static final String USUAL = "/run/portpool";
  private static final String NAME = "agent.sock";
  private static final int MOST_BYTES = 64 * 1024;
  private static final long PATIENCE_NANOS = TimeUnit.SECONDS.toNanos(2);

  private AgentSocket() {}

  /** Where the agent is to listen, which is for services alone. */
  static Optional<Path> ofService(Map<String, String> environment) {
    String directories = environment.getOrDefault(VARIABLE, "");
    return directories.isEmpty()
        ? Optional.empty()
        : Optional.of(Path.of(directories.split(":", -1)[0], NAME));
  }

  /**
   * Asks for a page, and returns its text; empty when there is no agent, when it has no good answer
   * or none within two seconds: whoever asks looks for himself.
   */
  static Optional<String> ask(Map<String, String> environment, String page) {
    Path file = ofService(environment).orElse(Path.of(USUAL, NAME));
    if (!Files.exists(file)) {
      return Optional.empty();
    }
    try (SocketChannel channel = SocketChannel.open(StandardProtocolFamily.UNIX);
        Selector selector = Selector.open()) {
      channel.configureBlocking(false);
      channel.connect(UnixDomainSocketAddress.of(file));
      channel.write(ByteBuffer.wrap(HttpGet.question(page, "localhost", "text/plain")));
      channel.register(selector, SelectionKey.OP_READ);
      HttpGet.Answer answer = HttpGet.Answer.of(read(channel, selector));
      return answer.status() == 200 ? Optional.of(answer.body()) : Optional.empty();
    } catch (IOException e) {
      return Optional.empty();
    }
  }

  private static String read(SocketChannel channel, Selector selector) throws IOException {
    long end = System.nanoTime() + PATIENCE_NANOS;
    ByteBuffer answer = ByteBuffer.allocate(MOST_BYTES);
    while (answer.hasRemaining()) {
      long millis = TimeUnit.NANOSECONDS.toMillis(end - System.nanoTime());
      if (millis <= 0) {
        throw new IOException("no answer within two seconds");
      }
      selector.select(millis);
      selector.selectedKeys().clear();
      if (channel.read(answer) < 0) {
        return StandardCharsets.UTF_8.decode(answer.flip()).toString();
      }
    }
    throw new IOException("the answer is too long");
  }
}
