package io.github.portpool.oracle;

import java.io.BufferedReader;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Assumptions;

/** A process that makes connect() calls for which there is no port, see refused.py. */
public final class Refused implements AutoCloseable {
  private static final int NOT_KNOWN = 77;

  private final Process process;
  private final BufferedReader output;

  /** Starts it in a namespace. */
  public Refused(Netns netns, String... arguments) throws Exception {
    List<String> command = new ArrayList<>(List.of("python3", script()));
    command.addAll(List.of(arguments));
    process = netns.call(() -> start(command));
    output = process.inputReader(StandardCharsets.US_ASCII);
  }

  private static Process start(List<String> command) {
    try {
      return new ProcessBuilder(command).redirectError(ProcessBuilder.Redirect.INHERIT).start();
    } catch (IOException e) {
      return Assumptions.abort("python3 is missing: install the Debian package python3");
    }
  }

  private static String script() throws Exception {
    return Path.of(Refused.class.getResource("/failures/refused.py").toURI()).toString();
  }

  /** Waits for its calls; how many of them were refused. It lives on until it is closed. */
  public int count() throws Exception {
    String line = output.readLine();
    if (line == null) {
      int status = process.waitFor();
      Assumptions.assumeTrue(status != NOT_KNOWN, "this kernel has no such sockets");
      throw new IOException("refused.py ended with " + status);
    }
    return Integer.parseInt(line);
  }

  @Override
  public void close() throws IOException {
    process.getOutputStream().close();
    process.onExit().join();
  }
}
