package io.github.portpool.source;

import io.github.portpool.source.oshi.OshiSource;
import java.nio.file.Path;

class OshiSourceTest extends SocketSourceContract {
  @Override
  SocketSource open(Path scratch) throws Exception {
    return OshiSource.open();
  }
}
