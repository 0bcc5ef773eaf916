package io.github.portpool.source.conntrack;

import io.github.portpool.host.Conntrack;
import io.github.portpool.host.Trouble;
import io.github.portpool.linux.MalformedMessageException;
import io.github.portpool.linux.ProcFile;
import io.github.portpool.source.SourceException;
import io.github.portpool.source.SourceException.Reason;
import java.io.IOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import java.util.Objects;

/**
 * The files of /proc that tell how full the table of connections is, {@code
 * net/netfilter/nf_conntrack_standalone.c}; every user may read them. They stay in the network
 * namespace of the thread that opens them.
 */
final class ConntrackFiles implements AutoCloseable {
  private static final String COUNT = "sys/net/netfilter/nf_conntrack_count";
  private static final String MAX = "sys/net/netfilter/nf_conntrack_max";
  // Not /proc/net, which shows the namespace of the process's first thread.
  private static final String STATISTICS = "thread-self/net/stat/nf_conntrack";

  private final Path proc;
  private final Map<String, ProcFile> files = new HashMap<>();
  private final ConntrackCounters counters = new ConntrackCounters();

  /**
   * Opens the files.
   *
   * @param proc where proc(5) is mounted
   * @throws SourceException when one is missing or may not be read
   */
  ConntrackFiles(Path proc) throws SourceException {
    this.proc = proc;
    try {
      open(COUNT, "this kernel does no connection tracking (nf_conntrack is not loaded)");
      open(MAX, "this kernel has no nf_conntrack_max");
      open(
          STATISTICS,
          "this kernel was built without CONFIG_NF_CONNTRACK_PROCFS, and with it"
              + " without /proc/net/stat/nf_conntrack");
    } catch (SourceException e) {
      close();
      throw e;
    }
  }

  private void open(String name, String missing) throws SourceException {
    try {
      files.put(name, new ProcFile(proc.resolve(name)));
    } catch (NoSuchFileException e) {
      throw new SourceException(Reason.SOCKET, missing, e);
    } catch (AccessDeniedException e) {
      throw new SourceException(
          Reason.SOCKET, "the agent may not read " + proc.resolve(name) + ": give it the right", e);
    } catch (IOException e) {
      throw unreadable(name, e);
    }
  }

  /** How full the table is now, and how often it failed. */
  Conntrack read() throws SourceException {
    int entries = number(COUNT);
    int limit = number(MAX);
    try {
      counters.update(text(STATISTICS));
    } catch (MalformedMessageException e) {
      throw notUnderstood(STATISTICS, e);
    }
    return new Conntrack(entries, limit, counters.insertFailed(), counters.drops());
  }

  private int number(String name) throws SourceException {
    try {
      return Integer.parseInt(text(name).strip());
    } catch (NumberFormatException e) {
      throw notUnderstood(name, e);
    }
  }

  private String text(String name) throws SourceException {
    try {
      return Objects.requireNonNull(files.get(name)).read();
    } catch (IOException e) {
      throw unreadable(name, e);
    }
  }

  private SourceException unreadable(String name, IOException e) {
    return new SourceException(
        Reason.SOCKET, "cannot read " + proc.resolve(name) + " (" + Trouble.reason(e) + ")", e);
  }

  private SourceException notUnderstood(String name, Exception e) {
    return new SourceException(
        Reason.MALFORMED, proc.resolve(name) + " is not understood: " + Trouble.reason(e), e);
  }

  @Override
  public void close() {
    files.values().forEach(ProcFile::close);
  }
}
