package io.github.portpool.source.owner;

import io.github.portpool.oracle.Netns;
import java.io.BufferedReader;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Assumptions;

/** A process of a test's own that holds sockets: python3, until it is closed. */
public final class Child implements AutoCloseable {
  private static final String PRELUDE =
      """
      import ctypes, os, socket, sys
      def inode(s): return os.fstat(s.fileno()).st_ino
      def ready(text=''):
          print(text, flush=True)
      def wait(): return sys.stdin.readline()
      def named(name): ctypes.CDLL(None).prctl(15, ctypes.create_string_buffer(name), 0, 0, 0)
      """;

  private final Process process;
  private final BufferedReader answers;

  private Child(Process process) {
    this.process = process;
    answers = process.inputReader();
  }

  /** Starts a program in a namespace; it answers with {@code ready()} and reads with wait(). */
  public static Child start(Netns netns, String program) throws Exception {
    ProcessBuilder python = python(program);
    return new Child(netns.call(python::start));
  }

  /** Starts one in the namespace of the tests. */
  public static Child start(String program) throws Exception {
    return new Child(python(program).start());
  }

  private static ProcessBuilder python(String program) {
    Assumptions.assumeTrue(
        Files.isExecutable(Path.of("/usr/bin/python3")),
        "python3 is missing: install the Debian package python3");
    return new ProcessBuilder("/usr/bin/python3", "-c", PRELUDE + program)
        .redirectError(ProcessBuilder.Redirect.INHERIT);
  }

  public int pid() {
    return (int) process.pid();
  }

  /** What it says next. */
  public String answer() throws IOException {
    String line = answers.readLine();
    if (line == null) {
      throw new IOException("the child has ended");
    }
    return line;
  }

  /** Lets it go on. */
  public void proceed() throws IOException {
    process.getOutputStream().write('\n');
    process.getOutputStream().flush();
  }

  @Override
  public void close() throws IOException {
    process.destroyForcibly();
    try {
      process.waitFor(3, TimeUnit.MINUTES);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
