package io.github.portpool.e2e.commands;

import io.github.portpool.Await;
import io.github.portpool.e2e.Needs;
import io.github.portpool.e2e.Program;
import io.github.portpool.e2e.Program.Outcome;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

/** A terminal of some size, by tmux(1), in which a command runs below a shell that outlives it. */
final class EmulatedTerminal implements AutoCloseable {
  private static final String TMUX = "/usr/bin/tmux";

  private final Path directory;
  private final Path written;

  /** Starts a command there, which must be free of apostrophes. */
  EmulatedTerminal(int columns, int rows, ProcessBuilder builder) throws Exception {
    Needs.program(TMUX, "tmux");
    directory = Files.createTempDirectory("portpool-terminal");
    written = directory.resolve("written");
    String command =
        builder.command().stream().map(word -> "'" + word + "'").collect(Collectors.joining(" "));
    String shell =
        "trap : INT; until [ -e '%s' ]; do sleep 0.05; done; echo before; %s; echo \"code $?\"; stty -a; exec cat"
            .formatted(written, command);
    tmux("new-session", "-d", "-x", "" + columns, "-y", "" + rows, shell);
    tmux("pipe-pane", "exec cat >'" + written + "'");
  }

  private String tmux(String... arguments) throws Exception {
    List<String> command =
        new ArrayList<>(
            List.of(TMUX, "-S", directory.resolve("tmux").toString(), "-f", "/dev/null"));
    command.addAll(List.of(arguments));
    ProcessBuilder builder = new ProcessBuilder(command);
    builder.environment().keySet().removeAll(List.of("TMUX", "COLUMNS", "LINES", "NO_COLOR"));
    builder.environment().putAll(Map.of("LC_ALL", "C.UTF-8", "TERM", "xterm"));
    Outcome outcome = Program.run(builder);
    if (outcome.exitCode() != 0) {
      throw new AssertionError(command + ": " + outcome.err());
    }
    return String.join("\n", outcome.out());
  }

  /** What it shows, line by line. */
  List<String> screen() throws Exception {
    return tmux("capture-pane", "-p").lines().toList();
  }

  /** Waits until it shows something. */
  void await(String text) throws Exception {
    Await.until("the terminal shows " + text, () -> String.join("\n", screen()).contains(text));
  }

  /** Everything that was written to it. */
  String written() throws Exception {
    return Files.readString(written);
  }

  boolean isAlternate() throws Exception {
    return tmux("display-message", "-p", "#{alternate_on}").equals("1");
  }

  /** Presses keys, in tmux's words. */
  void press(String... keys) throws Exception {
    List<String> arguments = new ArrayList<>(List.of("send-keys", "--"));
    arguments.addAll(List.of(keys));
    tmux(arguments.toArray(String[]::new));
  }

  /** Gives it another size. */
  void resize(int columns, int rows) throws Exception {
    tmux("resize-window", "-x", "" + columns, "-y", "" + rows);
  }

  /** The process of the command. */
  ProcessHandle process() throws Exception {
    long shell = Long.parseLong(tmux("display-message", "-p", "#{pane_pid}"));
    return ProcessHandle.of(shell).orElseThrow().children().findFirst().orElseThrow();
  }

  @Override
  public void close() throws IOException {
    Path socket = directory.resolve("tmux");
    new ProcessBuilder(TMUX, "-S", socket.toString(), "kill-server").start().onExit().join();
    for (Path file : List.of(socket, written, directory)) {
      Files.deleteIfExists(file);
    }
  }
}
