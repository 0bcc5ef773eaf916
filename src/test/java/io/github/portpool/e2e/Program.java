package io.github.portpool.e2e;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;

/** The program as users run it: a process of its own with the launcher's JVM options and malloc. */
public final class Program {
  /** What came of a program that has ended. */
  public record Outcome(int exitCode, List<String> out, List<String> err) {}

  private static final String CLASS_PATH = System.getProperty("java.class.path");

  private Program() {}

  /** The program with some arguments, not started yet. */
  public static ProcessBuilder process(String... arguments) {
    return process(List.of(), CLASS_PATH, arguments);
  }

  /** The program below another one, such as setpriv(1), and with a class path of its own. */
  public static ProcessBuilder process(List<String> prefix, String classPath, String... arguments) {
    List<String> command = new ArrayList<>(prefix);
    command.addAll(
        classPath.equals(CLASS_PATH)
            ? java(ProgramArchive.options(), ProgramArchive.classPath())
            : java(List.of(), classPath));
    command.addAll(List.of(arguments));
    ProcessBuilder process = new ProcessBuilder(command);
    process
        .environment()
        .keySet()
        .removeIf(name ->
            name.startsWith("PORTPOOL_")
                || name.endsWith("_OPTIONS")
                || name.startsWith("JOURNAL_"));
    process.environment().put("MALLOC_ARENA_MAX", "1");
    return process;
  }

  /** The command that starts it with some more options and without arguments. */
  static List<String> java(List<String> more, String classPath) {
    List<String> command = new ArrayList<>(List.of(java().toString()));
    command.addAll(launcherOptions());
    command.addAll(more);
    command.add("-XX:+DisplayVMOutputToStderr"); // where tests look for what is wrong
    command.add("--enable-native-access=ALL-UNNAMED");
    command.addAll(List.of("-cp", classPath, "io.github.portpool.cli.Portpool"));
    return command;
  }

  /** The java of the JVM that runs the tests. */
  public static Path java() {
    return Path.of(System.getProperty("java.home"), "bin", "java");
  }

  private static List<String> launcherOptions() {
    try {
      return Files.readAllLines(Path.of("deploy/package/jvm.options")).stream()
          .filter(line -> line.startsWith("-"))
          .toList();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Runs the program with some arguments to its end. */
  public static Outcome run(String... arguments) throws Exception {
    return run(process(arguments));
  }

  /** Runs a process to its end, which must come soon. */
  public static Outcome run(ProcessBuilder builder) throws Exception {
    Process process = builder.start();
    try {
      process.getOutputStream().close();
      FutureTask<List<String>> err =
          new FutureTask<>(() -> process.errorReader(StandardCharsets.UTF_8).lines().toList());
      FutureTask<List<String>> out =
          new FutureTask<>(() -> process.inputReader(StandardCharsets.UTF_8).lines().toList());
      Thread.startVirtualThread(err);
      Thread.startVirtualThread(out);
      if (!process.waitFor(3, TimeUnit.MINUTES)) {
        throw new AssertionError("it does not end: " + builder.command());
      }
      return new Outcome(process.exitValue(), out.get(), err.get());
    } finally {
      process.destroyForcibly();
    }
  }
}
