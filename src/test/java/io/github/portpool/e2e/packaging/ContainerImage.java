package io.github.portpool.e2e.packaging;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.github.portpool.e2e.Needs;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Assumptions;

/**
 * The container image, built by buildah from what {@code make package} has made, on a base that has
 * the C library and nothing else, in a store of its own. Nothing is fetched.
 */
final class ContainerImage {
  private static final String NAME = "localhost/portpool";
  private static final Path PACKAGES = Path.of("target/package");
  private static final List<String> GLIBC =
      List.of("libc.so.6", "libm.so.6", "libdl.so.2", "libpthread.so.0", "librt.so.1");

  private final Path scratch;

  private ContainerImage(Path scratch) {
    this.scratch = scratch;
  }

  /** Builds it in a directory; skips the test where that is not possible. */
  static ContainerImage build(Path scratch) throws Exception {
    Needs.root();
    Needs.program("/usr/bin/buildah", "buildah");
    Needs.program("/usr/bin/podman", "podman");
    Needs.program("/usr/sbin/runc", "runc");
    Assumptions.assumeTrue(Files.isDirectory(PACKAGES), "target/package is missing: make package");
    ContainerImage image = new ContainerImage(scratch);
    image.buildBase();
    Path folder = folder();
    image.buildah(
        "build",
        "--isolation=chroot",
        "--pull-never",
        "--file=deploy/image/Dockerfile",
        "--build-arg=BASE=localhost/glibc",
        "--tag=" + NAME,
        folder.toString());
    return image;
  }

  private static Path folder() throws IOException {
    try (var folders = Files.newDirectoryStream(PACKAGES, "portpool-*")) {
      return folders.iterator().next();
    }
  }

  private void buildBase() throws Exception {
    Path base = Files.createDirectory(scratch.resolve("base"));
    Path loader = Path.of("/lib64/ld-linux-x86-64.so.2");
    Path libraries = Path.of("/lib/x86_64-linux-gnu");
    Assumptions.assumeTrue(
        Files.exists(loader) && Files.isDirectory(libraries), "not Debian/amd64");
    copy(loader, base);
    for (String library : GLIBC) {
      copy(libraries.resolve(library), base);
    }
    Path file = Files.writeString(scratch.resolve("Base"), "FROM scratch\nCOPY . /\n");
    buildah(
        "build", "--isolation=chroot", "--file=" + file, "--tag=localhost/glibc", base.toString());
  }

  private static void copy(Path file, Path root) throws IOException {
    Path copy = root.resolve(file.toString().substring(1));
    Files.createDirectories(copy.getParent());
    Files.copy(file, copy);
  }

  private void buildah(String... arguments) throws Exception {
    run(store("/usr/bin/buildah", arguments));
  }

  /**
   * A container in the network namespace of the calling thread, with a read-only root file system
   * and no right to gain any.
   *
   * @param options of podman-run(1)
   * @param arguments of the program
   */
  ProcessBuilder container(List<String> options, String... arguments) {
    List<String> command = new ArrayList<>(store("/usr/bin/podman"));
    command.addAll(List.of("--runtime=/usr/sbin/runc", "--cgroup-manager=cgroupfs", "run", "--rm"));
    command.addAll(List.of("--log-driver=none", "--pull=never", "--network=host"));
    command.addAll(List.of("--read-only", "--read-only-tmpfs=false", "--cap-drop=all"));
    command.addAll(List.of("--security-opt=no-new-privileges"));
    command.addAll(List.of("--ulimit=nofile=1024:1024", "--ulimit=nproc=4096:4096"));
    command.addAll(options);
    command.add(NAME);
    command.addAll(List.of(arguments));
    return new ProcessBuilder(command);
  }

  private List<String> store(String program, String... arguments) {
    List<String> command = new ArrayList<>(List.of(program));
    command.add("--root=" + scratch.resolve("store"));
    command.add("--runroot=" + scratch.resolve("run"));
    command.add("--storage-driver=vfs");
    command.addAll(Arrays.asList(arguments));
    return command;
  }

  /** Ends what still runs of it. */
  void endAll() throws Exception {
    run(
        store(
            "/usr/bin/podman", "--cgroup-manager=cgroupfs", "rm", "--all", "--force", "--time=0"));
  }

  private static void run(List<String> command) throws Exception {
    run(new ProcessBuilder(command));
  }

  /** Runs a process that must succeed and returns what it prints. */
  static String run(ProcessBuilder builder) throws Exception {
    Process process = builder.redirectErrorStream(true).start();
    String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    assertEquals(0, process.waitFor(), () -> builder.command() + "\n" + output);
    return output;
  }
}
