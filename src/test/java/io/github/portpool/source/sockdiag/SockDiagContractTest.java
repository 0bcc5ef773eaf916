package io.github.portpool.source.sockdiag;

import io.github.portpool.source.SocketSource;
import io.github.portpool.source.SocketSourceContract;
import java.nio.file.Path;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;

@EnabledOnOs(OS.LINUX)
class SockDiagContractTest extends SocketSourceContract {
  @Override
  protected SocketSource open(Path scratch) throws Exception {
    return SockDiagSource.live();
  }
}
