package io.github.portpool.linux;

import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.nio.file.AccessDeniedException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/**
 * The file system that describes the kernel's tracepoints, {@code Documentation/trace/ftrace.rst}.
 *
 * <p>Where it is not mounted, it is mounted for this process alone, without a place in the tree of
 * files: fsopen(2), fsmount(2), since Linux 5.2. The mount is gone when this is closed.
 */
public final class Tracefs implements AutoCloseable {
  /** Where it is mounted on most systems, and where on old ones. */
  public static final List<Path> USUAL =
      List.of(Path.of("/sys/kernel/tracing"), Path.of("/sys/kernel/debug/tracing"));

  private static final long SYS_FSOPEN = 430; // include/uapi/asm-generic/unistd.h
  private static final long SYS_FSCONFIG = 431;
  private static final long SYS_FSMOUNT = 432;
  private static final long CLOEXEC = 1; // FSOPEN_CLOEXEC, FSMOUNT_CLOEXEC
  private static final long FSCONFIG_CMD_CREATE = 6; // include/uapi/linux/mount.h

  private final Path root;
  private final int mount;

  private Tracefs(Path root, int mount) {
    this.root = root;
    this.mount = mount;
  }

  /**
   * Finds it, or mounts it.
   *
   * @param places where it may be mounted
   * @throws SystemCallException with EPERM when it is not there and may not be mounted
   */
  public static Tracefs open(List<Path> places) throws SystemCallException {
    for (Path place : places) {
      if (isMounted(place)) {
        return new Tracefs(place, -1);
      }
    }
    int mount = mount();
    return new Tracefs(Path.of("/proc/self/fd/" + mount), mount);
  }

  private static boolean isMounted(Path place) {
    try {
      return Files.readAttributes(place.resolve("events"), "isDirectory").containsValue(true);
    } catch (AccessDeniedException e) {
      return true; // only its owner may enter it: whoever reads it will be told
    } catch (IOException e) {
      return false;
    }
  }

  private static int mount() throws SystemCallException {
    try (Arena arena = Arena.ofConfined()) {
      MemorySegment state = arena.allocate(Libc.ERRNO_LAYOUT);
      MemorySegment type = arena.allocateFrom("tracefs");
      int context = Libc.syscall(state, SYS_FSOPEN, type.address(), CLOEXEC, 0, 0, 0);
      Libc.check("fsopen(tracefs)", state, context);
      int mount = Libc.syscall(state, SYS_FSCONFIG, context, FSCONFIG_CMD_CREATE, 0, 0, 0);
      if (mount == 0) {
        mount = Libc.syscall(state, SYS_FSMOUNT, context, CLOEXEC, 0, 0, 0);
      }
      int errno = Libc.errno(state);
      Libc.close(state, context);
      if (mount < 0) {
        throw new SystemCallException("fsmount(tracefs)", errno);
      }
      return mount;
    }
  }

  /**
   * The text that describes a tracepoint, {@code sock/inet_sock_set_state} for example.
   *
   * @throws java.nio.file.NoSuchFileException when the kernel has no such tracepoint
   * @throws AccessDeniedException without CAP_DAC_READ_SEARCH, except for root
   */
  public String format(String tracepoint) throws IOException {
    try (ProcFile file = new ProcFile(root.resolve("events/" + tracepoint + "/format"))) {
      return file.read();
    }
  }

  @Override
  public void close() {
    if (mount >= 0) {
      Libc.close(mount);
    }
  }
}
