package io.github.portpool.source.bpf;

import io.github.portpool.host.Trouble;
import io.github.portpool.snapshot.Protocol;
import io.github.portpool.source.Opening;
import io.github.portpool.source.SourceException;
import io.github.portpool.source.SourceException.Reason;
import io.github.portpool.source.bpf.KernelTables.Part;
import io.github.portpool.source.bpf.KernelTables.Table;
import io.github.portpool.source.sockdiag.TcpTables;
import io.github.portpool.table.EphemeralPorts;
import io.github.portpool.table.SocketSink;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.EnumSet;
import java.util.Optional;
import java.util.Set;
import java.util.function.UnaryOperator;

/**
 * The sockets of one network namespace by the kernel's own tables, which say what sock_diag does
 * not: whether {@code bind()} made the bucket of a port, IPV6_V6ONLY of what is connected, and of
 * each TIME_WAIT whether it may be taken over.
 */
public final class BpfTcp implements TcpTables {
  /** A chunk runs under RCU, which must not last: half a millisecond with a million sockets. */
  private static final int CHAINS = 1024;

  private static final int PORTS = 4096;

  /** What stands for the namespace of a recording, which has one alone. */
  public static final long ANY = 0;

  private final KernelTables tables;
  private final long netns;
  private final OtherNamespaces others;
  private final Answer answer = new Answer();

  /**
   * Sockets of some tables.
   *
   * @param netns the inode number of the network namespace
   */
  public BpfTcp(KernelTables tables, long netns) {
    this(tables, netns, new OtherNamespaces());
  }

  /** Sockets of some tables, and along with them those of others. */
  BpfTcp(KernelTables tables, long netns, OtherNamespaces others) {
    this.tables = tables;
    this.netns = netns;
    this.others = others;
  }

  /** The inode number of the network namespace. */
  long netns() {
    return netns;
  }

  /**
   * The sockets of the network namespace of this thread, by way of something that sees what is
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
  public Set<Protocol> read(EphemeralPorts wanted, SocketSink sink) throws SourceException {
    Ports elsewhere = others.begin();
    Ports anyElsewhere = elsewhere.isEmpty() ? elsewhere : Ports.ALL;
    read(Table.BIND_HASH, PORTS, Ports.ALL, anyElsewhere, sink);
    read(Table.CONNECTIONS, CHAINS, Ports.of(wanted), elsewhere, sink);
    if (!read(Table.UDP, PORTS, Ports.of(wanted), elsewhere, sink)) {
      return EnumSet.of(Protocol.TCP);
    }
    others.complete(elsewhere);
    return EnumSet.allOf(Protocol.class);
  }

  /** Returns whether the kernel has this table. */
  private boolean read(Table table, int buckets, Ports ports, Ports elsewhere, SocketSink sink)
      throws SourceException {
    int torn = 0;
    int next = 0;
    int all;
    do {
      synchronized (tables) { // one answer at a time, where several sources share them
        ByteBuffer part = ask(new Part(table, next, buckets, netns, ports, elsewhere));
        all = Answer.buckets(part);
        torn += answer.pass(part, this::takeElsewhere, sink);
        Answer.check(Answer.lost(part) + (all > 0 && Answer.next(part) <= next ? 1 : 0), torn);
        next = Answer.next(part);
      }
    } while (next < all);
    return all > 0;
  }

  private boolean takeElsewhere(long inode, ByteBuffer part, int at, int bytes) {
    boolean isElsewhere = inode != netns && netns != ANY;
    if (isElsewhere) {
      others.add(inode, part, at, bytes);
    }
    return isElsewhere;
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
