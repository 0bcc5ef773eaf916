package io.github.portpool.source.bpf;

import io.github.portpool.host.Trouble;
import io.github.portpool.linux.BpfSkeleton;
import io.github.portpool.linux.Errno;
import io.github.portpool.linux.NetworkNamespace;
import io.github.portpool.linux.Rights;
import io.github.portpool.linux.SystemCallException;
import io.github.portpool.source.SourceException;
import io.github.portpool.source.SourceException.Reason;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.Objects;

/**
 * The tables of the running kernel, those that the network namespace of the asking thread uses: all
 * namespaces share them, but for one with {@code net.ipv4.tcp_child_ehash_entries}.
 */
final class LiveTables implements KernelTables {
  /** The cheaper way first; it takes Linux 6.2, the other one 5.17. */
  private static final List<String> WAYS = List.of("tcp_tables.cast", "tcp_tables.probe");

  private final BpfSkeleton programs;
  private final ByteBuffer answer;

  private LiveTables(BpfSkeleton programs) throws SystemCallException {
    this.programs = programs;
    this.answer = programs.map(0, Answer.BYTES);
  }

  /**
   * Loads the programs, and tests what they show of the calling thread's network namespace.
   *
   * @throws SourceException when the agent may not, the kernel cannot, or they show what is not so
   */
  static LiveTables open() throws SourceException {
    LiveTables tables = load();
    try {
      SelfTest.of(new BpfTcp(tables, netns()));
      return tables;
    } catch (SourceException e) {
      tables.close();
      throw e;
    }
  }

  /** The inode number of the calling thread's network namespace. */
  static long netns() throws SourceException {
    try {
      return NetworkNamespace.currentInode();
    } catch (IOException e) {
      throw new SourceException(
          Reason.SETTINGS, "cannot tell the network namespace (" + Trouble.reason(e) + ")", e);
    }
  }

  private static LiveTables load() throws SourceException {
    if (!Rights.current().loadsTracingPrograms()) {
      throw new SourceException(
          Reason.REFUSED, "bpf(2) is refused: give the agent CAP_BPF and CAP_PERFMON");
    }
    SystemCallException refusal = null;
    for (String way : WAYS) {
      try {
        BpfSkeleton programs = new BpfSkeleton(file(way));
        try {
          return new LiveTables(programs);
        } catch (SystemCallException e) {
          programs.close();
          throw e;
        }
      } catch (SystemCallException e) {
        refusal = e;
        if (Errno.EPERM.is(e.errno())) {
          break; // who may not go one way may not go the other
        }
      }
    }
    throw refused(Objects.requireNonNull(refusal));
  }

  private static SourceException refused(SystemCallException e) {
    return new SourceException(Reason.REFUSED, Trouble.reason(e) + " is refused: " + cure(e), e);
  }

  private static String cure(SystemCallException e) {
    return Errno.EPERM.is(e.errno())
        ? "allow bpf(2) (systemd: SystemCallFilter=bpf and PrivateUsers=no, container: seccomp)"
        : "it takes Linux 5.17 or later with CONFIG_DEBUG_INFO_BTF, and no lockdown for"
            + " confidentiality";
  }

  private static byte[] file(String name) {
    try (InputStream in =
        Objects.requireNonNull(LiveTables.class.getResourceAsStream(name), name)) {
      return in.readAllBytes();
    } catch (IOException e) {
      throw new IllegalStateException(e);
    }
  }

  @Override
  public ByteBuffer read(Part part) throws IOException {
    programs.run(
        part.table().ordinal(),
        part.first(),
        part.buckets(),
        part.ports().lowest(),
        part.ports().highest(),
        part.netns(),
        part.elsewhere().lowest(),
        part.elsewhere().highest());
    return answer;
  }

  @Override
  public void close() {
    programs.close();
  }
}
