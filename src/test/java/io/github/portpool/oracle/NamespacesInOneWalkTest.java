package io.github.portpool.oracle;

import io.github.portpool.source.Opening;
import io.github.portpool.source.SocketSource;
import io.github.portpool.source.bpf.BpfSource;
import io.github.portpool.source.bpf.NeedsBpf;

/** The same where one walk over the kernel's tables brings the sockets of all namespaces. */
@NeedsBpf
class NamespacesInOneWalkTest extends NamespacesTest {
  private final BpfSource tables = new BpfSource(true);

  @Override
  Opening<? extends SocketSource> sockets() {
    return tables;
  }
}
