package io.github.portpool.access;

import io.github.portpool.access.SourceChoice.Reach;
import io.github.portpool.sample.HostSources;
import io.github.portpool.source.ConntrackSource;
import io.github.portpool.source.FailureSource;
import io.github.portpool.source.NamespaceSource;
import io.github.portpool.source.NoNamespaces;
import io.github.portpool.source.Opening;
import io.github.portpool.source.OwnerSource;
import io.github.portpool.source.SocketSource;
import io.github.portpool.source.SourceException;
import io.github.portpool.source.failures.PerfFailures;
import io.github.portpool.source.netns.OwnNamespace;
import java.io.IOException;
import java.util.concurrent.Executor;

/**
 * Opens what is wanted of a host, as far as the host lets it: without the sockets there is nothing,
 * and without the rest there is what says why it cannot be seen.
 */
public final class OpenSources {
  private static final String INSIDE =
      "not read inside an application: run the agent, portpool serve";

  private static final int MOST_CULPRITS = 100;

  /**
   * What of a host is wanted besides its sockets, where their source is the kernel of this host.
   *
   * @param namespaces which other network namespaces
   * @param owners who owns sockets
   * @param failures connect() calls that failed for lack of a port
   * @param conntrack the connection tracking table
   */
  public record Wanted(
      Opening<NamespaceSource> namespaces,
      Opening<OwnerSource> owners,
      Opening<FailureSource> failures,
      Opening<ConntrackSource> conntrack) {}

  private OpenSources() {}

  /**
   * Opens a source, and the rest of the host where that can be read.
   *
   * @throws SourceException when there is no way to the sockets
   */
  public static HostSources open(SourceChoice choice, Wanted wanted) throws SourceException {
    SocketSource sockets = choice.open();
    if (choice.reach() != Reach.KERNEL) {
      return choice.reach() == Reach.NOTHING
          ? HostSources.of(sockets)
          : HostSources.of(sockets, ownAlone("").own());
    }
    return new HostSources(
        sockets,
        wanted.namespaces().orElse(OpenSources::ownAlone),
        wanted.owners().orElse(OwnerSource::none),
        wanted.failures().orElse(FailureSource::none),
        wanted.conntrack().orElse(ConntrackSource::none));
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
    if (choice.reach() != Reach.KERNEL) {
      return HostSources.of(sockets);
    }
    return new HostSources(
        sockets,
        new NoNamespaces(INSIDE, 0),
        new DeferredGroups(INSIDE),
        FailureSource.none(INSIDE),
        ConntrackSource.none(INSIDE));
  }

  /** A counter of the connect() calls that fail from now on, for a short look. */
  public static FailureSource failures() {
    Opening<FailureSource> opening = () -> PerfFailures.open(MOST_CULPRITS);
    return opening.orElse(FailureSource::none);
  }

  /** The inode number of one's own network namespace, or 0 where it is not known. */
  public static long ownNamespace() {
    try {
      return OwnNamespace.current().inode();
    } catch (IOException e) {
      return 0;
    }
  }

  private static NamespaceSource ownAlone(String reason) {
    try {
      OwnNamespace own = OwnNamespace.current();
      return new NoNamespaces(reason, own.inode(), own.name());
    } catch (IOException e) {
      return new NoNamespaces(reason, 0);
    }
  }
}
