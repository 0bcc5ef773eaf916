package io.github.portpool.source.owner;

import io.github.portpool.host.Printable;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * How a process was started, by /proc/PID/cmdline: hostile text of any length, shortened so that
 * what tells two programs of one interpreter apart is still there. Class paths are cut in their
 * middle, not the class that follows them.
 */
final class CommandWords {
  private static final int MOST_BYTES = 8192;
  private static final int MOST_OF_A_WORD = 48;
  private static final int MOST = 240;
  private static final String CUT = "…";

  private CommandWords() {}

  /** The words of a process, empty when it is gone or hidden, or has none. */
  static String of(int pid) {
    try (InputStream cmdline = Files.newInputStream(Path.of("/proc/" + pid + "/cmdline"))) {
      return shortened(new String(cmdline.readNBytes(MOST_BYTES), StandardCharsets.UTF_8));
    } catch (IOException e) {
      return "";
    }
  }

  /** The words of a text in which each ends with a zero. */
  static String shortened(String cmdline) {
    String words =
        Stream.of(cmdline.split("\0"))
            .map(Printable::oneLine)
            .map(word -> middleCut(word, MOST_OF_A_WORD))
            .collect(Collectors.joining(" "));
    return middleCut(words.strip(), MOST);
  }

  private static String middleCut(String text, int most) {
    int length = text.codePointCount(0, text.length());
    if (length <= most) {
      return text;
    }
    int head = most / 3;
    int tail = most - head - 1;
    return text.substring(0, text.offsetByCodePoints(0, head))
        + CUT
        + text.substring(text.offsetByCodePoints(text.length(), -tail));
  }
}
