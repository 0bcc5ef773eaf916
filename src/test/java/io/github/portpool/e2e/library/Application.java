package io.github.portpool.e2e.library;

import io.github.portpool.PortPool;
import io.github.portpool.e2e.Program;
import java.io.File;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * Somebody's own program that uses this jar: a source file, compiled and run in a JVM of its own
 * with a class path of its own.
 */
public final class Application {
  /** What Maven gives to an application that depends on micrometer-core. */
  public static final List<String> MICROMETER =
      List.of(
          "micrometer-core",
          "micrometer-commons",
          "micrometer-observation",
          "HdrHistogram",
          "jspecify");

  /** The same for one that depends on micrometer-registry-prometheus. */
  public static final List<String> PROMETHEUS =
      Stream.concat(
              MICROMETER.stream(),
              Stream.of("micrometer-registry-prometheus", "prometheus-metrics-"))
          .toList();

  private Application() {}

  /** A program with this jar and some libraries, not started yet. */
  public static ProcessBuilder process(Path source, List<String> libraries, String... options) {
    List<String> command = new ArrayList<>(List.of(Program.java().toString()));
    command.addAll(List.of(options));
    command.addAll(List.of("-cp", classPath(libraries), source.toString()));
    ProcessBuilder process = new ProcessBuilder(command);
    process.environment().keySet().removeIf(name -> name.endsWith("_OPTIONS"));
    return process;
  }

  /** This jar and some libraries, named by how their files begin. */
  static String classPath(List<String> libraries) {
    return Stream.concat(
            Stream.of(program().toString()),
            Stream.of(System.getProperty("java.class.path").split(File.pathSeparator))
                .filter(jar ->
                    libraries.stream().anyMatch(Path.of(jar).getFileName().toString()::startsWith)))
        .collect(Collectors.joining(File.pathSeparator));
  }

  /** Where the program's own classes are. */
  static Path program() {
    try {
      return Path.of(PortPool.class.getProtectionDomain().getCodeSource().getLocation().toURI());
    } catch (java.net.URISyntaxException e) {
      throw new IllegalStateException(e);
    }
  }
}
