package io.github.portpool.source.oshi;

import io.github.portpool.source.SocketSource;
import io.github.portpool.source.SocketSourceContract;
import java.nio.file.Path;

class OshiContractTest extends SocketSourceContract {
  @Override
  protected SocketSource open(Path scratch) throws Exception {
    return OshiSource.open();
  }
}
