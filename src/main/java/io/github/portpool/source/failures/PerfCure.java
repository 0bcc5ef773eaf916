package io.github.portpool.source.failures;

import io.github.portpool.linux.Errno;
import io.github.portpool.linux.Rights;
import io.github.portpool.linux.SysctlFiles;
import java.io.IOException;

/** What cures a perf_event_open(2) that was refused. */
final class PerfCure {
  /** Above this, Debian and Ubuntu want CAP_SYS_ADMIN; other kernels know no more than it. */
  private static final int MOST_PARANOID = 2;

  private PerfCure() {}

  /** The sysctl kernel.perf_event_paranoid, or the usual value where it cannot be read. */
  static int paranoia() {
    try (SysctlFiles files = new SysctlFiles()) {
      return files
          .read("kernel/perf_event_paranoid")
          .map(String::strip)
          .map(Integer::valueOf)
          .orElse(MOST_PARANOID);
    } catch (IOException | NumberFormatException e) {
      return MOST_PARANOID;
    }
  }

  /**
   * The cure of an error number.
   *
   * @param rights what the agent may do
   * @param paranoia kernel.perf_event_paranoid
   */
  static String of(int errno, Rights rights, int paranoia) {
    return switch (Errno.of(errno)) {
      case EACCES -> ofRights(rights, paranoia);
      case EPERM ->
          "give the agent CAP_PERFMON, allow perf_event_open in its sandbox (seccomp), and raise"
              + " kernel.perf_event_mlock_kb where others use it up";
      case EMFILE, ENFILE ->
          "raise the limit of open files (systemd: LimitNOFILE=), it takes two for each CPU";
      case ENOSYS -> "it takes a kernel with CONFIG_PERF_EVENTS";
      case null, default ->
          "it takes Linux 4.16 or later, with CONFIG_PERF_EVENTS and CONFIG_EVENT_TRACING";
    };
  }

  private static String ofRights(Rights rights, int paranoia) {
    if (rights.administers()) {
      return "let it run in the host's user namespace (systemd: PrivateUsers=no)";
    }
    String capability = "give the agent CAP_PERFMON (before Linux 5.8 CAP_SYS_ADMIN)";
    if (paranoia <= MOST_PARANOID) {
      return rights.monitors()
          ? "let it run in the host's user namespace (systemd: PrivateUsers=no)"
          : capability;
    }
    String setting =
        "kernel.perf_event_paranoid is "
            + paranoia
            + ", and above 2 Debian's and Ubuntu's kernels want"
            + " CAP_SYS_ADMIN instead of CAP_PERFMON: sysctl -w kernel.perf_event_paranoid=2 (and"
            + " in /etc/sysctl.d), or give the agent CAP_SYS_ADMIN";
    return rights.monitors() ? setting : capability + "; " + setting;
  }
}
