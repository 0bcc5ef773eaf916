package io.github.portpool.source.owner;

import io.github.portpool.host.ControlGroup;
import io.github.portpool.host.OwningProcess;
import io.github.portpool.snapshot.Feature;
import io.github.portpool.source.Holders;
import io.github.portpool.source.OwnerSource;
import io.github.portpool.source.WalkBudget;
import java.time.Instant;
import java.util.EnumMap;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** Who owns the sockets of this Linux host, from cgroupfs and /proc. */
public final class HostOwners implements OwnerSource {
  private final ControlGroups controlGroups;
  private final Processes processes;
  private final Map<Feature, String> unavailable = new EnumMap<>(Feature.class);

  /** Owners that are looked for with a thousandth of a core for each of their two walks. */
  public HostOwners() {
    this(WalkBudget.of(WalkBudget.DEFAULT_CORES), WalkBudget.of(WalkBudget.DEFAULT_CORES));
  }

  /** Owners that are looked for with a budget for each of their two walks. */
  private HostOwners(WalkBudget groupWalks, WalkBudget processWalks) {
    controlGroups = new ControlGroups(groupWalks);
    processes = new Processes(processWalks);
    say(Feature.CGROUPS, controlGroups.unavailable());
    say(Feature.PROCESSES, processes.unavailable());
  }

  /** Owners that are looked for whenever they are asked for, whatever that costs. */
  public static HostOwners unlimited() {
    return new HostOwners(WalkBudget.unlimited(), WalkBudget.unlimited());
  }

  private void say(Feature feature, String reason) {
    if (!reason.isEmpty()) {
      unavailable.put(feature, reason);
    }
  }

  @Override
  public Map<Feature, String> unavailable() {
    return Map.copyOf(unavailable);
  }

  @Override
  public Optional<ControlGroup> controlGroup(long id) {
    return controlGroups.find(id);
  }

  @Override
  public Map<Long, OwningProcess> processes(Map<Long, Integer> sockets) {
    return processes.find(sockets);
  }

  @Override
  public Holders holders(Set<Long> sockets) {
    return processes.holders(sockets);
  }

  @Override
  public Holders held(String name) {
    return processes.held(name);
  }

  @Override
  public Optional<OwningProcess> process(int pid) {
    return processes.process(pid);
  }

  @Override
  public Optional<Instant> started(int pid) {
    return ProcessHandle.of(pid).flatMap(handle -> handle.info().startInstant());
  }

  @Override
  public String commandLine(int pid) {
    return CommandWords.of(pid);
  }

  @Override
  public String user(int uid) {
    return processes.user(uid);
  }

  @Override
  public void close() {
    controlGroups.close();
    processes.close();
  }
}
