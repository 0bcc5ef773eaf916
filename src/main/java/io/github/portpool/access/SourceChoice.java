package io.github.portpool.access;

import io.github.portpool.sample.HostSources;
import io.github.portpool.source.Opening;
import io.github.portpool.source.OwnerSource;
import io.github.portpool.source.SocketSource;
import io.github.portpool.source.SourceException;
import io.github.portpool.source.SourceException.Reason;
import io.github.portpool.source.bpf.BpfSource;
import io.github.portpool.source.oshi.OshiOwners;
import io.github.portpool.source.oshi.OshiSource;
import io.github.portpool.source.owner.HostOwners;
import io.github.portpool.source.replay.RecordedKernel;
import io.github.portpool.source.sockdiag.SockDiagSource;
import java.nio.file.Path;
import java.util.List;

/**
 * A way to read sockets.
 *
 * @param name as {@code --source} takes it, and logs and labels give it
 * @param reach what else can be read where its sockets come from
 * @param sockets opens the sockets of the network namespace of the thread that calls it
 */
public record SourceChoice(String name, Reach reach, Opening<SocketSource> sockets) {
  /** What can be read besides sockets. */
  public enum Reach {
    /** Nothing: they are of another host, or another time. */
    NOTHING,
    /** The processes of this host. */
    PROCESSES,
    /** All that the Linux kernel of this host shows. */
    KERNEL
  }

  /** The kernel that this program runs on. */
  public static final SourceChoice LINUX =
      new SourceChoice("linux", Reach.KERNEL, natively(SockDiagSource::live));

  /** The kernel that this program runs on, and TCP by its own tables. */
  public static final SourceChoice BPF =
      new SourceChoice(BpfSource.NAME, Reach.KERNEL, natively(new BpfSource(true)));

  /** The kernel that this program runs on, by all that its rights allow. */
  private static final SourceChoice ALLOWED =
      new SourceChoice("auto", Reach.KERNEL, natively(new BpfSource(false)));

  /** The system that this program runs on, through OSHI. */
  public static final SourceChoice OSHI =
      new SourceChoice("oshi", Reach.PROCESSES, OshiSource::open);

  /** All that have a name alone. */
  public static final List<SourceChoice> ALL = List.of(LINUX, BPF, OSHI);

  /** What suits the system that this program runs on, and takes no rights. */
  public static SourceChoice ofThisSystem() {
    return isLinux() ? LINUX : OSHI;
  }

  /** What shows most of the system that this program runs on. */
  public static SourceChoice best() {
    return isLinux() ? ALLOWED : OSHI;
  }

  /** What calls the system's own functions, which Java may deny to a program. */
  private static Opening<SocketSource> natively(Opening<? extends SocketSource> opening) {
    return () -> {
      try {
        return opening.open();
      } catch (LinkageError e) {
        if (!String.valueOf(e.getCause()).contains(IllegalCallerException.class.getName())) {
          throw e;
        }
        throw new SourceException(
            Reason.SOCKET,
            "Java denies native calls to portpool: start it with"
                + " --enable-native-access=ALL-UNNAMED, on the module path"
                + " --enable-native-access=io.github.portpool",
            e);
      }
    };
  }

  private static boolean isLinux() {
    return System.getProperty("os.name", "").equals("Linux");
  }

  /** A recording of a kernel. */
  public static SourceChoice replay(Path file) {
    return new SourceChoice("replay", Reach.NOTHING, () -> RecordedKernel.source(file));
  }

  /** Opens the sockets alone. */
  public SocketSource open() throws SourceException {
    return sockets.open();
  }

  /** Opens the owners of its sockets, who are looked for at once, whatever that costs. */
  public OwnerSource owners() {
    return switch (reach) {
      case NOTHING -> OwnerSource.none(HostSources.SOCKETS_ALONE);
      case PROCESSES -> new OshiOwners();
      case KERNEL -> HostOwners.unlimited();
    };
  }
}
