package io.github.portpool.source;

import io.github.portpool.source.sockdiag.SockDiagSource;
import java.nio.file.Path;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;

@EnabledOnOs(OS.LINUX)
class SockDiagSourceTest extends SocketSourceContract {
  @Override
  SocketSource open(Path scratch) throws Exception {
    return SockDiagSource.live();
  }
}
