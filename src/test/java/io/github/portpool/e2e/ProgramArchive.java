package io.github.portpool.e2e;

import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Predicate;
import java.util.spi.ToolProvider;
import java.util.stream.Stream;

/**
 * The program in a jar, with what one run of it has loaded and linked beside it, as the launcher
 * has them: the suite starts it hundreds of times, and each start takes a quarter less of a CPU.
 */
final class ProgramArchive {
  private static final ProgramArchive MADE = make();

  private final String classPath;
  private final List<String> options;

  private ProgramArchive(String classPath, List<String> options) {
    this.classPath = classPath;
    this.options = options;
  }

  /** The class path of the tests with one jar for its folders, which the JVM does not archive. */
  static String classPath() {
    return MADE.classPath;
  }

  /** What makes the JVM use it. */
  static List<String> options() {
    return MADE.options;
  }

  private static ProgramArchive make() {
    try {
      Path folder = Files.createTempDirectory("portpool-program");
      Path jar = folder.resolve("portpool.jar");
      Path archive = folder.resolve("portpool.aot");
      Stream.of(folder, jar, archive).forEach(each -> each.toFile().deleteOnExit());
      List<String> arguments =
          new ArrayList<>(List.of("--create", "--no-compress", "--file", jar.toString()));
      classPath(File::isDirectory).forEach(each -> arguments.addAll(List.of("-C", each, ".")));
      ToolProvider tool = ToolProvider.findFirst("jar").orElseThrow();
      if (tool.run(System.out, System.err, arguments.toArray(String[]::new)) != 0) {
        throw new IOException("no jar is made of " + arguments);
      }
      String classPath = jar + ":" + String.join(":", classPath(File::isFile).toList());
      run(Program.java(List.of("-XX:AOTCacheOutput=" + archive), classPath));
      return new ProgramArchive(
          classPath, List.of("-XX:AOTCache=" + archive, "-Xlog:aot=off", "-Xlog:cds=off"));
    } catch (Exception e) {
      throw new ExceptionInInitializerError(e);
    }
  }

  private static Stream<String> classPath(Predicate<File> kind) {
    return Stream.of(System.getProperty("java.class.path").split(":", -1))
        .filter(each -> kind.test(new File(each)));
  }

  /** The run whose classes are archived: it samples, serves and ends. */
  private static void run(List<String> java) throws Exception {
    List<String> command = new ArrayList<>(java);
    command.addAll(List.of(AgentProcess.arguments()));
    try (AgentProcess agent = AgentProcess.start(new ProcessBuilder(command))) {
      for (String page : List.of("/metrics", "/ports", "/api/v1/snapshot")) {
        agent.http().get(page);
      }
      agent.stop();
    }
  }
}
