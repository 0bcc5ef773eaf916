package io.github.portpool.access;

import io.github.portpool.host.ControlGroup;
import io.github.portpool.snapshot.Feature;
import io.github.portpool.source.HostPart;
import io.github.portpool.source.OwnerSource;
import io.github.portpool.source.owner.HostOwners;
import java.util.Map;
import java.util.Optional;

/** Control groups alone, which are looked at when somebody first asks for one. */
@SuppressWarnings("ReferenceEquality") // whether it is that very one
final class DeferredGroups implements OwnerSource {
  private static final OwnerSource NOT_YET =
      OwnerSource.none("control groups were not looked at yet");

  private final String withoutProcesses;
  private OwnerSource groups = NOT_YET;

  DeferredGroups(String withoutProcesses) {
    this.withoutProcesses = withoutProcesses;
  }

  @Override
  public Map<Feature, String> unavailable() {
    return HostPart.unavailable(groups, () -> Map.of(Feature.PROCESSES, withoutProcesses));
  }

  @Override
  public Optional<ControlGroup> controlGroup(long id) {
    if (groups == NOT_YET) {
      groups = new HostOwners();
    }
    return groups.controlGroup(id);
  }

  @Override
  public void close() {
    groups.close();
  }
}
