package io.github.portpool.e2e;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** The exposition of the small host, as it was reviewed. */
public final class Golden {
  public static final Path RECORDING = Path.of("src/test/resources/recordings/small.bin");
  public static final Path METRICS = Path.of("src/test/resources/golden/metrics.txt");

  private static final String VARYING =
      "portpool_sample_(?:timestamp_seconds|duration_seconds|cpu_seconds_total)";

  private Golden() {}

  /** Holds a text against a reviewed file, or renews the file. */
  public static void assertText(String file, String actual) throws IOException {
    Path golden = Path.of("src/test/resources/golden", file);
    if (Boolean.getBoolean("portpool.golden.update")) {
      Files.writeString(golden, actual);
    }
    assertEquals(Files.readString(golden), actual);
  }

  /** The text with 0 for each number that is another in each run. */
  public static String normalised(String metrics) {
    return metrics
        .lines()
        .map(line ->
            line.startsWith("portpool_build_info")
                ? line.replaceAll("\\b(version|revision|java)=\"[^\"]*\"", "$1=\"\"")
                : line.replaceFirst("^(" + VARYING + "(?:\\{.*})?) .*$", "$1 0"))
        .collect(Collectors.joining("\n", "", "\n"));
  }

  /** Holds metrics against the reviewed ones, but for lines that begin with one of some names. */
  public static void assertGolden(String metrics, String... exceptions) throws IOException {
    List<String> expected = lines(Files.readString(METRICS), exceptions);
    List<String> actual = lines(normalised(metrics), exceptions);
    assertEquals(List.of(), without(expected, actual), "missing lines");
    assertEquals(List.of(), without(actual, expected), "new lines");
    assertEquals(expected, actual);
  }

  private static List<String> lines(String text, String... exceptions) {
    return text.lines().filter(line -> Stream.of(exceptions).noneMatch(line::startsWith)).toList();
  }

  private static List<String> without(List<String> lines, List<String> others) {
    return lines.stream().filter(line -> !others.contains(line)).toList();
  }
}
