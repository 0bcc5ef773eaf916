package io.github.portpool.cli;

import java.io.File;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * What the terminal does with keys, and its size: by stty(1), whose words every system shares,
 * where the C library's structures differ.
 */
final class Stty {
  static final File TERMINAL = new File("/dev/tty");

  private static final int PATIENCE_SECONDS = 5;
  private static final Pattern SIZE = Pattern.compile("(\\d{1,5}) (\\d{1,5})");

  /**
   * The size of a terminal.
   *
   * @param rows 0 where it is not known
   * @param columns 0 where it is not known
   */
  record Size(int rows, int columns) {}

  private Stty() {}

  /** The size now. */
  static Size size() {
    Matcher matcher = SIZE.matcher(run("size"));
    return matcher.matches()
        ? new Size(Integer.parseInt(matcher.group(1)), Integer.parseInt(matcher.group(2)))
        : new Size(0, 0);
  }

  /**
   * What can be given to {@link #set} to have everything as it is now; empty without a terminal.
   */
  static String saved() {
    return run("-g");
  }

  /** Changes settings. */
  static void set(String... settings) {
    run(settings);
  }

  private static String run(String... arguments) {
    try {
      Process process =
          new ProcessBuilder(Stream.concat(Stream.of("stty"), Stream.of(arguments)).toList())
              .redirectInput(TERMINAL)
              .redirectError(ProcessBuilder.Redirect.DISCARD)
              .start();
      byte[] said = process.getInputStream().readAllBytes();
      return process.waitFor(PATIENCE_SECONDS, TimeUnit.SECONDS) && process.exitValue() == 0
          ? new String(said, StandardCharsets.US_ASCII).strip()
          : "";
    } catch (IOException e) {
      return ""; // no terminal, or no stty
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return "";
    }
  }
}
