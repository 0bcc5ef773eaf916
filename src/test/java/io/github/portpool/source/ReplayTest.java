package io.github.portpool.source;

import io.github.portpool.source.replay.RecordedKernel;
import io.github.portpool.source.replay.RecordingKernel;
import io.github.portpool.source.sockdiag.LiveKernel;
import io.github.portpool.source.sockdiag.SockDiagSource;
import io.github.portpool.table.PortSet;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;

@EnabledOnOs(OS.LINUX)
class ReplayTest extends SocketSourceContract {
  @Override
  SocketSource open(Path scratch) throws Exception {
    return record(scratch, live -> live.read(new SocketPass()));
  }

  @Override
  SocketSource openFor(PortSet ports, Path scratch) throws Exception {
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
