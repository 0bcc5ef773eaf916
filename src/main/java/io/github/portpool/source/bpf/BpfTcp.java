package io.github.portpool.source.bpf;

import io.github.portpool.host.Trouble;
import io.github.portpool.source.Opening;
import io.github.portpool.source.SourceException;
import io.github.portpool.source.SourceException.Reason;
import io.github.portpool.source.bpf.KernelTables.Part;
import io.github.portpool.source.bpf.KernelTables.Table;
import io.github.portpool.source.sockdiag.TcpTables;
import io.github.portpool.table.EphemeralPorts;
import io.github.portpool.table.PortSet;
import io.github.portpool.table.SocketSink;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.Optional;
import java.util.function.UnaryOperator;

/**
 * The TCP sockets of one network namespace by the kernel's own tables, which say what sock_diag
 * does not: whether {@code bind()} made the bucket of a port, IPV6_V6ONLY of what is connected, and
 * of each TIME_WAIT whether it may be taken over.
 */
public final class BpfTcp implements TcpTables {
  /** A chunk runs under RCU, which must not last: half a millisecond with a million sockets. */
  private static final int CHAINS = 1024;

  private static final int PORTS = 4096;

  /** More torn records than these do not happen by chance. */
  private static final int MOST_TORN = 16;

  private final KernelTables tables;
  private final long netns;
  private final Answer answer = new Answer();

  /**
   * Sockets of some tables.
   *
   * @param netns the inode number of the network namespace
   */
  public BpfTcp(KernelTables tables, long netns) {
    this.tables = tables;
    this.netns = netns;
  }

  /**
   * The TCP sockets of the network namespace of this thread, by way of something that sees what is
   * read.
   *
   * @throws SourceException when the agent may not read them, or this kernel does not let it
   */
  public static BpfTcp open(UnaryOperator<KernelTables> through) throws SourceException {
    long netns = LiveTables.netns();
    return new BpfTcp(through.apply(LiveTables.open()), netns);
  }

  /** The same where the agent may read them and this kernel lets it, else nothing. */
  public static Optional<TcpTables> whereAllowed(UnaryOperator<KernelTables> through) {
    Opening<Optional<TcpTables>> opening = () -> Optional.of(open(through));
    return opening.orElse(_ -> Optional.empty());
  }

  @Override
  public void read(EphemeralPorts wanted, SocketSink sink) throws SourceException {
    read(Table.BIND_HASH, PORTS, 1, PortSet.LAST, sink);
    read(Table.CONNECTIONS, CHAINS, wanted.first(), wanted.last(), sink);
  }

  private void read(Table table, int buckets, int lowest, int highest, SocketSink sink)
      throws SourceException {
    int torn = 0;
    int next = 0;
    int all;
    do {
      synchronized (tables) { // one answer at a time, where several sources share them
        ByteBuffer part = ask(new Part(table, next, buckets, lowest, highest, netns));
        torn += answer.pass(part, sink);
        if (Answer.lost(part) > 0 || torn > MOST_TORN || Answer.next(part) <= next) {
          throw new SourceException(
              Answer.lost(part) > 0 ? Reason.TRUNCATED : Reason.MALFORMED,
              "the kernel's tables of sockets could not be followed ("
                  + Answer.lost(part)
                  + " lost, "
                  + torn
                  + " torn)");
        }
        next = Answer.next(part);
        all = Answer.buckets(part);
      }
    } while (next < all);
  }

  private ByteBuffer ask(Part part) throws SourceException {
    try {
      return tables.read(part);
    } catch (IOException e) {
      throw new SourceException(
          Reason.REFUSED, "cannot read the kernel's tables (" + Trouble.reason(e) + ")", e);
    }
  }

  @Override
  public void close() {
    tables.close();
  }
}
