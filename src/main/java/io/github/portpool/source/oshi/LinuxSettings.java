package io.github.portpool.source.oshi;

import io.github.portpool.linux.SysctlFiles;
import io.github.portpool.snapshot.TcpSettings;
import io.github.portpool.source.SourceException;
import io.github.portpool.source.sockdiag.KernelSettings;
import io.github.portpool.table.EphemeralPorts;
import java.util.Optional;

/** Linux: the sysctls, read each time. */
final class LinuxSettings implements HostSettings {
  private final SysctlFiles files = new SysctlFiles();
  private final KernelSettings settings = new KernelSettings(files::read);

  @Override
  public Optional<EphemeralPorts> range() throws SourceException {
    return Optional.of(settings.range());
  }

  @Override
  public TcpSettings tcp() throws SourceException {
    return settings.tcp();
  }

  @Override
  public void close() {
    files.close();
  }
}
