package io.github.portpool.source.bpf;

import io.github.portpool.snapshot.Protocol;
import io.github.portpool.source.SourceException;
import io.github.portpool.source.sockdiag.TcpTables;
import io.github.portpool.table.EphemeralPorts;
import io.github.portpool.table.SocketSink;
import java.util.EnumSet;
import java.util.OptionalInt;
import java.util.Set;

/**
 * The sockets of a network namespace whose tables are the agent's own: what the last walk for that
 * brought along, else by a walk.
 */
final class TcpAlong implements TcpTables {
  private final BpfTcp walk;
  private final OtherNamespaces others;
  private final BroughtAlong records;

  TcpAlong(BpfTcp walk, OtherNamespaces others) {
    this.walk = walk;
    this.others = others;
    this.records = others.join(walk.netns());
  }

  @Override
  public OptionalInt atHand() {
    return records.isComplete() ? OptionalInt.of(records.count()) : OptionalInt.empty();
  }

  @Override
  public Set<Protocol> read(EphemeralPorts wanted, SocketSink sink) throws SourceException {
    return records.pass(Ports.of(wanted), sink)
        ? EnumSet.allOf(Protocol.class)
        : walk.read(wanted, sink);
  }

  @Override
  public void close() {
    others.leave(walk.netns(), records);
    walk.close();
  }
}
