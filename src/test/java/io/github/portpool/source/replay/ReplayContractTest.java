package io.github.portpool.source.replay;

import io.github.portpool.source.SocketPass;
import io.github.portpool.source.SocketSource;
import io.github.portpool.source.SocketSourceContract;
import io.github.portpool.source.SourceException;
import io.github.portpool.source.sockdiag.LiveKernel;
import io.github.portpool.source.sockdiag.SockDiagSource;
import io.github.portpool.table.PortSet;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;

@EnabledOnOs(OS.LINUX)
class ReplayContractTest extends SocketSourceContract {
  @Override
  protected SocketSource open(Path scratch) throws Exception {
    return record(scratch, live -> live.read(new SocketPass()));
  }

  @Override
  protected SocketSource openFor(PortSet ports, Path scratch) throws Exception {
    return record(scratch, live -> live.readPorts(ports, new SocketPass()));
  }

  private interface Reading {
    void of(SocketSource source) throws SourceException;
  }

  private static SocketSource record(Path scratch, Reading reading) throws Exception {
    Path file = scratch.resolve("sockets.recording");
    try (OutputStream out = Files.newOutputStream(file);
        SockDiagSource live =
            new SockDiagSource("record", new RecordingKernel(new LiveKernel(), out))) {
      reading.of(live);
    }
    return RecordedKernel.source(file);
  }
}
