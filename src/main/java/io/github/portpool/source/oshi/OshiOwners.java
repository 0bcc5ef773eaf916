package io.github.portpool.source.oshi;

import io.github.portpool.host.OwningProcess;
import io.github.portpool.host.Printable;
import io.github.portpool.snapshot.Feature;
import io.github.portpool.source.OwnerSource;
import java.time.Instant;
import java.util.Map;
import java.util.Optional;
import oshi.SystemInfo;
import oshi.software.os.OSProcess;
import oshi.software.os.OperatingSystem;

/**
 * Processes by their id, through OSHI, on macOS, Windows and Linux: OSHI tells the process of a
 * socket by its id, and neither inode numbers nor control groups.
 */
public final class OshiOwners implements OwnerSource {
  private static final int MOST_CHARACTERS = 90;
  private static final Map<Feature, String> BLIND =
      Map.of(
          Feature.CGROUPS,
          "OSHI does not show control groups: on Linux, --source=linux does",
          Feature.PROCESSES,
          "OSHI shows what it may: run as root or administrator to see every process");

  private final OperatingSystem system = new SystemInfo().getOperatingSystem();

  /** The processes of this host. */
  public OshiOwners() {}

  @Override
  public Map<Feature, String> unavailable() {
    return system.isElevated() ? Map.of(Feature.CGROUPS, BLIND.get(Feature.CGROUPS)) : BLIND;
  }

  @Override
  public Optional<OwningProcess> process(int pid) {
    return find(pid)
        .map(process ->
            new OwningProcess(pid, printable(process.getName()), printable(process.getUser())));
  }

  @Override
  public Optional<Instant> started(int pid) {
    return find(pid).map(process -> Instant.ofEpochMilli(process.getStartTime()));
  }

  private Optional<OSProcess> find(int pid) {
    return Optional.ofNullable(system.getProcess(pid));
  }

  private static String printable(String text) {
    return Printable.of(text, MOST_CHARACTERS);
  }
}
