package io.github.portpool.linux;

import java.io.IOException;
import java.nio.file.Path;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * What the agent may do, by its /proc/PID/status: proc_pid_status(5).
 *
 * @param uid its effective user id
 * @param capabilities its effective capabilities, a bit for each
 */
public record Rights(int uid, long capabilities) {
  // include/uapi/linux/capability.h
  private static final int CAP_DAC_OVERRIDE = 1;
  private static final int CAP_DAC_READ_SEARCH = 2;
  private static final int CAP_SYS_PTRACE = 19;
  private static final int CAP_SYS_ADMIN = 21;
  private static final int CAP_PERFMON = 38;
  private static final int CAP_BPF = 39;

  private static final Pattern UID = Pattern.compile("(?m)^Uid:\\t\\d+\\t(\\d{1,10})\\t");
  private static final Pattern CAPABILITIES = Pattern.compile("(?m)^CapEff:\\t([0-9a-f]{1,16})$");

  /** Those of the calling thread; none where /proc does not tell. */
  public static Rights current() {
    try (ProcFile status = new ProcFile(Path.of("/proc/thread-self/status"))) {
      return of(status.read());
    } catch (IOException e) {
      return of("");
    }
  }

  /** The rights in a text; one that it does not tell is missing. */
  static Rights of(String status) {
    Matcher uid = UID.matcher(status);
    Matcher capabilities = CAPABILITIES.matcher(status);
    return new Rights(
        uid.find() ? (int) Long.parseLong(uid.group(1)) : -1,
        capabilities.find() ? Long.parseUnsignedLong(capabilities.group(1), 16) : 0);
  }

  /** Whether the descriptors of every user's processes can be read. */
  public boolean seesAllProcesses() {
    return has(CAP_SYS_PTRACE) && (has(CAP_DAC_READ_SEARCH) || has(CAP_DAC_OVERRIDE));
  }

  /** Whether the namespaces of every user's processes can be seen. */
  public boolean seesAllNamespaces() {
    return has(CAP_SYS_PTRACE);
  }

  /** Whether programs that read the kernel's memory can be loaded. */
  public boolean loadsTracingPrograms() {
    return has(CAP_SYS_ADMIN) || (has(CAP_BPF) && has(CAP_PERFMON));
  }

  /** Whether it administers the system: CAP_SYS_ADMIN. */
  public boolean administers() {
    return has(CAP_SYS_ADMIN);
  }

  /** Whether it has CAP_PERFMON, which Linux knows since 5.8. */
  public boolean monitors() {
    return has(CAP_PERFMON);
  }

  private boolean has(int capability) {
    return (capabilities >>> capability & 1) != 0;
  }
}
