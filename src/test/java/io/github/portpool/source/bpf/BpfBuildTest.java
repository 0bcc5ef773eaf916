package io.github.portpool.source.bpf;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;

import io.github.portpool.MostlyWaits;
import io.github.portpool.e2e.Needs;
import io.github.portpool.e2e.Program;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The built programs in the repository are those of the sources beside them. */
@MostlyWaits
class BpfBuildTest {
  @ParameterizedTest
  @ValueSource(strings = {"tcp_tables.cast", "tcp_tables.probe"})
  void anotherBuildIsTheSame(String name, @TempDir Path built) throws Exception {
    Needs.program("/usr/bin/clang-16", "clang-16");
    Needs.program("/usr/sbin/bpftool", "bpftool");
    Program.Outcome build =
        Program.run(new ProcessBuilder("python3", "-B", "src/build/bpf", built.toString()));
    assertEquals(0, build.exitCode(), build.toString());
    try (InputStream kept = LiveTables.class.getResourceAsStream(name)) {
      assertArrayEquals(Files.readAllBytes(built.resolve(name)), kept.readAllBytes());
    }
  }
}
