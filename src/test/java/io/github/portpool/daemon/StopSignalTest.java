package io.github.portpool.daemon;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.github.portpool.MostlyWaits;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** With which code a process ends that listens for the signal. */
@MostlyWaits
class StopSignalTest {
  private static final int SIGTERM = 128 + 15;

  /** A process of its own: it listens, and its work ends as it is told. */
  static final class Work {
    private Work() {}

    public static void main(String[] args) {
      System.exit(work(args[0]));
    }

    private static int work(String end) {
      try (StopSignal stop = new StopSignal()) {
        switch (end) {
          case "done-after-signal", "fails-after-signal" -> {
            stop.listen();
            System.out.println("listening");
            stop.await(Duration.ofMinutes(1));
          }
          default -> stop.listen();
        }
        if (end.startsWith("fails")) {
          throw new IllegalStateException("as told");
        }
        stop.done();
        return 0;
      } catch (IllegalStateException e) {
        return 7;
      }
    }
  }

  private static Process start(String end) throws Exception {
    return new ProcessBuilder(
            Path.of(System.getProperty("java.home"), "bin", "java").toString(),
            "-cp",
            System.getProperty("java.class.path"),
            Work.class.getName(),
            end)
        .redirectError(ProcessBuilder.Redirect.INHERIT)
        .start();
  }

  private static int exitCode(Process process) throws Exception {
    try {
      // Less than what an orderly end is waited for.
      return process.waitFor(3, TimeUnit.MINUTES) ? process.exitValue() : -1;
    } finally {
      process.destroyForcibly();
    }
  }

  @ParameterizedTest
  @CsvSource({"done, 0", "fails, 7"})
  void withoutTheSignalTheCodeIsThatOfTheWork(String end, int code) throws Exception {
    assertEquals(code, exitCode(start(end)));
  }

  @ParameterizedTest
  @CsvSource({"done-after-signal, 0", "fails-after-signal, " + SIGTERM})
  void theSignalIsAnOrderlyEndUnlessTheWorkFails(String end, int code) throws Exception {
    Process process = start(end);
    assertEquals("listening", process.inputReader().readLine());
    process.destroy();
    assertEquals(code, exitCode(process));
  }
}
