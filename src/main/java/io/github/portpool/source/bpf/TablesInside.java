package io.github.portpool.source.bpf;

import io.github.portpool.linux.NamespaceThread;
import io.github.portpool.linux.NetworkNamespace;
import java.io.IOException;
import java.nio.ByteBuffer;

/** The tables of a network namespace that has some of its own, which are seen from inside alone. */
final class TablesInside implements KernelTables {
  private final KernelTables tables;
  private final NamespaceThread visitor;
  private final NetworkNamespace namespace;

  /** Those of the calling thread's namespace. */
  TablesInside(KernelTables tables, NamespaceThread visitor) throws IOException {
    this.tables = tables;
    this.visitor = visitor;
    this.namespace = NetworkNamespace.current();
  }

  @Override
  public ByteBuffer read(Part part) throws IOException {
    return visitor.call(namespace, () -> tables.read(part));
  }

  @Override
  public void close() {
    namespace.close();
  }
}
