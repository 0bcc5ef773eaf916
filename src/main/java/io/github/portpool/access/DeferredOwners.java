package io.github.portpool.access;

import io.github.portpool.host.ControlGroup;
import io.github.portpool.host.OwningProcess;
import io.github.portpool.snapshot.Feature;
import io.github.portpool.source.OwnerSource;
import io.github.portpool.source.owner.HostOwners;
import java.time.Instant;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Owners that are looked at when somebody first asks for one. */
final class DeferredOwners implements OwnerSource {
  private @Nullable HostOwners opened;

  private HostOwners open() {
    HostOwners owners = opened;
    if (owners == null) {
      owners = new HostOwners();
      opened = owners;
    }
    return owners;
  }

  @Override
  public Map<Feature, String> unavailable() {
    return opened == null
        ? Map.of(Feature.CGROUPS, "control groups were not looked at yet")
        : opened.unavailable();
  }

  @Override
  public Optional<ControlGroup> controlGroup(long id) {
    return open().controlGroup(id);
  }

  @Override
  public Map<Long, OwningProcess> processes(Map<Long, Integer> sockets) {
    return open().processes(sockets);
  }

  @Override
  public Map<Long, OwningProcess> held(String name) {
    return open().held(name);
  }

  @Override
  public Optional<OwningProcess> process(int pid) {
    return open().process(pid);
  }

  @Override
  public Optional<Instant> started(int pid) {
    return open().started(pid);
  }

  @Override
  public String user(int uid) {
    return open().user(uid);
  }

  @Override
  public void close() {
    if (opened != null) {
      opened.close();
    }
  }
}
