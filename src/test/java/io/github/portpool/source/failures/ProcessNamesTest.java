package io.github.portpool.source.failures;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.github.portpool.source.failures.ProcessNames.Identity;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;

class ProcessNamesTest {
  private static final int NOBODY = 0x3fff_ffff; // above the kernel's PID_MAX_LIMIT

  private long now;
  private final ProcessNames names = new ProcessNames(() -> now);

  @Test
  void thisThreadIsKnown() throws Exception {
    String task = Files.readSymbolicLink(Path.of("/proc/thread-self")).getFileName().toString();
    String netns = Files.readSymbolicLink(Path.of("/proc/thread-self/ns/net")).toString();
    int pid = (int) ProcessHandle.current().pid();
    Identity self = names.of(pid, Integer.parseInt(task));
    assertEquals("net:[" + self.netns() + "]", netns);
    assertEquals(Files.readString(Path.of("/proc/self/comm")), self.name() + "\n");
  }

  @Test
  void aThreadThatIsGoneHasTheNamespaceOfItsProcess() {
    int pid = (int) ProcessHandle.current().pid();
    assertEquals(names.of(pid, pid), names.of(pid, NOBODY));
  }

  @Test
  void whoIsGoneIsKnownForASecond() throws Exception {
    Process process = new ProcessBuilder("sleep", "60").start();
    int pid = (int) process.pid();
    while (!names.of(pid, pid).name().equals("sleep")) {
      now += 30_000_000; // until it has become what was asked for
    }
    Identity sleeper = names.of(pid, pid);
    process.destroyForcibly().waitFor();
    now += 1_000_000_000;
    names.forgetOld();
    assertEquals(sleeper, names.of(pid, pid));
    now++;
    names.forgetOld();
    assertEquals(new Identity("", 0), names.of(pid, pid));
  }

  @Test
  void whoIsGoneIsEmpty() {
    assertEquals(new Identity("", 0), names.of(NOBODY, NOBODY));
    assertEquals(new Identity("", 0), names.of(0, 0));
    assertEquals(new Identity("", 0), names.of(-1, -1));
  }
}
