package io.github.portpool.source.bpf;

import io.github.portpool.NeedsHost;
import io.github.portpool.source.SocketSource;
import io.github.portpool.source.SocketSourceContract;
import java.nio.file.Path;

@NeedsHost
@NeedsBpf
class BpfContractTest extends SocketSourceContract {
  private static final BpfSource SHARED = new BpfSource(true);

  @Override
  protected SocketSource open(Path scratch) throws Exception {
    return SHARED.open();
  }

  @Override
  protected boolean seesEverything() {
    return true;
  }
}
