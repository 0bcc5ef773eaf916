package io.github.portpool.access;

import io.github.portpool.linux.NetworkNamespace;
import io.github.portpool.sample.HostSources;
import io.github.portpool.snapshot.Feature;
import io.github.portpool.source.ConntrackSource;
import io.github.portpool.source.FailureSource;
import io.github.portpool.source.NamespaceSource;
import io.github.portpool.source.OwnerSource;
import io.github.portpool.source.SocketSource;
import io.github.portpool.source.SourceException;
import io.github.portpool.source.WalkBudget;
import io.github.portpool.source.conntrack.KernelConntrack;
import io.github.portpool.source.failures.PerfFailures;
import io.github.portpool.source.netns.HostNamespaces;
import io.github.portpool.source.netns.HostNamespaces.Selection;
import io.github.portpool.source.oshi.OshiOwners;
import io.github.portpool.source.owner.HostOwners;
import java.io.IOException;
import java.nio.file.Path;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Executor;
import org.jspecify.annotations.Nullable;

/**
 * Opens all that the agent reads, as far as this host lets it: without the sockets there is no
 * agent, and without the rest there is one that says what it cannot see.
 */
public final class OpenSources {
  /**
   * What of a host is wanted besides its sockets and their owners.
   *
   * @param namespaces which other network namespaces, null for none
   * @param topFailures how many of those whose connect() was refused are told apart
   * @param failuresOff why refused connect() calls are not counted, or empty to count them
   * @param natDumps whether NAT tables are dumped to find the fullest group
   */
  public record Wanted(
      @Nullable Selection namespaces, int topFailures, String failuresOff, boolean natDumps) {}

  private OpenSources() {}

  /**
   * Opens a source, and the rest of the host where the source is the kernel of this host.
   *
   * @throws SourceException when there is no way to the sockets
   */
  public static HostSources open(SourceChoice choice, Wanted wanted) throws SourceException {
    SocketSource sockets = choice.open();
    if (!choice.isThisKernel()) {
      return HostSources.of(sockets, choice.isOshi() ? new OshiOwners() : null);
    }
    Map<Feature, String> unavailable = new EnumMap<>(Feature.class);
    NamespaceSource namespaces = null;
    Selection selection = wanted.namespaces();
    if (selection == null) {
      unavailable.put(Feature.NAMESPACES, "not asked for: start the agent with --namespaces=all");
    } else {
      namespaces =
          attempt(Feature.NAMESPACES, unavailable, () -> HostNamespaces.open(selection, budget()));
    }
    FailureSource failures = null;
    if (wanted.failuresOff().isEmpty()) {
      failures =
          attempt(
              Feature.CONNECT_FAILURES, unavailable, () -> PerfFailures.open(wanted.topFailures()));
    } else {
      unavailable.put(Feature.CONNECT_FAILURES, wanted.failuresOff());
    }
    ConntrackSource conntrack =
        attempt(Feature.CONNTRACK, unavailable, () -> KernelConntrack.open(wanted.natDumps()));
    OwnerSource owners = new HostOwners();
    return new HostSources(
        sockets,
        ownNamespace(),
        namespaces,
        owners,
        HostOwners.unlimited(),
        failures,
        conntrack,
        wanted.natDumps(),
        unavailable);
  }

  /**
   * What an application reads of its own network namespace: sockets, and their control groups. What
   * cannot be opened is tried again with each sample.
   *
   * @param thread the thread that samples, which begins at once to open what it will read
   */
  public static HostSources ofApplication(Executor thread) {
    SourceChoice choice = SourceChoice.ofThisSystem();
    DeferredSource sockets = new DeferredSource(choice);
    thread.execute(sockets::prepare);
    if (!choice.isThisKernel()) {
      return HostSources.of(sockets);
    }
    Map<Feature, String> unavailable = new EnumMap<>(Feature.class);
    for (Feature feature :
        List.of(
            Feature.NAMESPACES, Feature.CONNECT_FAILURES, Feature.PROCESSES, Feature.CONNTRACK)) {
      unavailable.put(feature, "not read inside an application: run the agent, portpool serve");
    }
    OwnerSource owners = new DeferredOwners();
    return new HostSources(sockets, 0, null, owners, null, null, null, false, unavailable);
  }

  private static long ownNamespace() {
    try {
      return NetworkNamespace.inode(Path.of("/proc/thread-self/ns/net"));
    } catch (IOException e) {
      return 0;
    }
  }

  private static WalkBudget budget() {
    return WalkBudget.of(WalkBudget.DEFAULT_CORES);
  }

  /** A way to open something that may be refused. */
  @FunctionalInterface
  public interface Opening<T> {
    T open() throws SourceException;
  }

  /** What is opened, or null and the reason among what is unavailable. */
  public static <T> @Nullable T attempt(
      Feature feature, Map<Feature, String> unavailable, Opening<T> opening) {
    try {
      return opening.open();
    } catch (SourceException e) {
      unavailable.put(feature, e.sentence());
      return null;
    }
  }
}
