package io.github.portpool.e2e.packaging;

import io.github.portpool.Await;
import io.github.portpool.e2e.Needs;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Assumptions;

/** A small Debian with a systemd of its own, in a container without a network. */
final class SystemdContainer {
  private static final Path ARCHIVE = Path.of("target", "debian.tar");
  private static final String PACKAGES =
      "systemd,systemd-sysv,dbus,curl,iproute2,procps,init-system-helpers";

  private final Path root;
  private final Process nspawn;
  private final String init;
  private final OwnGroup group;

  private SystemdContainer(Path root, Process nspawn, String init, OwnGroup group) {
    this.root = root;
    this.nspawn = nspawn;
    this.init = init;
    this.group = group;
  }

  /** Boots it and returns when systemd is up; makes the archive of its files when there is none. */
  static SystemdContainer boot() throws Exception {
    Needs.root();
    Needs.program("/usr/bin/systemd-nspawn", "systemd-container");
    Needs.program("/usr/bin/mmdebstrap", "mmdebstrap");
    Files.createDirectories(ARCHIVE.getParent());
    if (!Files.exists(ARCHIVE)) {
      Path half = Path.of(ARCHIVE + ".half.tar");
      Assumptions.assumeTrue(
          outcome(
                  "mmdebstrap",
                  "--quiet",
                  "--variant=minbase",
                  "--include=" + PACKAGES,
                  "bookworm",
                  half.toString())
              .startsWith("0\n"),
          "no Debian could be fetched for a container");
      Files.move(half, ARCHIVE);
    }
    Path root = Files.createTempDirectory(Path.of("target"), "container");
    must("tar", "-C", root.toString(), "-xf", ARCHIVE.toString(), "--exclude=./dev/*");
    OwnGroup group = OwnGroup.create();
    ProcessBuilder boot =
        new ProcessBuilder(
            group.within(
                "systemd-nspawn",
                "--directory=" + root,
                "--register=no",
                "--keep-unit",
                "--boot",
                "--console=pipe",
                "--private-network",
                "--capability=all",
                "--system-call-filter=perf_event_open bpf"));
    boot.environment().put("SYSTEMD_NSPAWN_UNIFIED_HIERARCHY", group.isThere() ? "1" : "0");
    Process nspawn =
        boot.redirectErrorStream(true).redirectOutput(root.resolve("boot.log").toFile()).start();
    try {
      SystemdContainer container = new SystemdContainer(root, nspawn, init(nspawn), group);
      container.awaitSystem();
      container.run("ip", "link", "set", "lo", "up");
      return container;
    } catch (Exception | Error e) {
      nspawn.destroyForcibly().waitFor();
      throw e;
    }
  }

  private static String init(Process nspawn) throws Exception {
    AtomicReference<String> init = new AtomicReference<>("");
    Await.until(
        "the container starts",
        () -> {
          nspawn.children().filter(SystemdContainer::isInit).forEach(it -> init.set("" + it.pid()));
          return !init.get().isEmpty();
        });
    return init.get();
  }

  /** The first child sets the container up and ends; that with number 1 inside stays. */
  private static boolean isInit(ProcessHandle child) {
    try {
      Path status = Path.of("/proc/" + child.pid() + "/status");
      return Files.readString(status).lines().anyMatch(it -> it.matches("NSpid:.*\\t1"));
    } catch (IOException e) {
      return false; // it has ended
    }
  }

  private void awaitSystem() throws Exception {
    Await.until(
        "systemd has come up",
        () -> attempt("systemctl", "is-system-running").matches("(?s).*(running|degraded).*"));
  }

  /** Runs a command inside, which must succeed, and returns what it writes. */
  String run(String... command) throws Exception {
    String outcome = attempt(command);
    if (!outcome.startsWith("0\n")) {
      throw new AssertionError(List.of(command) + " ended with " + outcome);
    }
    return outcome.substring(2).strip();
  }

  /** Whether its services have control groups of cgroup v2. */
  boolean hasControlGroups() {
    return group.isThere();
  }

  /** Mounts all groups inside, as a host has them: by the host's cgroup namespace. */
  void showControlGroups(String place) throws Exception {
    must("nsenter", "-t", init, "-m", "mount", "-t", "cgroup2", "none", place);
  }

  /** Runs a command inside; its exit code in the first line, then what it writes. */
  String attempt(String... command) throws Exception {
    List<String> all =
        new ArrayList<>(List.of("nsenter", "-t", init, "-m", "-p", "-n", "-u", "-i", "-C"));
    all.addAll(List.of(command));
    return outcome(all.toArray(String[]::new));
  }

  /** Writes a file inside. */
  void write(String path, String text) throws IOException {
    Path file = root.resolve(path.substring(1));
    Files.createDirectories(file.getParent());
    Files.writeString(file, text);
  }

  /** Puts a file into a folder inside. */
  String copy(Path file) throws IOException {
    Files.copy(file, root.resolve("root").resolve(file.getFileName()));
    return "/root/" + file.getFileName();
  }

  private static void must(String... command) throws Exception {
    String outcome = outcome(command);
    if (!outcome.startsWith("0\n")) {
      throw new AssertionError(List.of(command) + " ended with " + outcome);
    }
  }

  private static String outcome(String... command) throws Exception {
    Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
    process.getOutputStream().close();
    String text = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    return process.waitFor() + "\n" + text;
  }

  /** Ends it and removes its files. */
  void end() throws Exception {
    ProcessHandle.of(Long.parseLong(init)).ifPresent(ProcessHandle::destroyForcibly);
    nspawn.waitFor();
    group.remove();
    must("rm", "-rf", "--one-file-system", root.toString());
  }
}
