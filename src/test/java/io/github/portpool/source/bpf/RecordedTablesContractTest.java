package io.github.portpool.source.bpf;

import io.github.portpool.NeedsHost;
import io.github.portpool.source.SocketPass;
import io.github.portpool.source.SocketSource;
import io.github.portpool.source.SocketSourceContract;
import io.github.portpool.source.SourceException;
import io.github.portpool.source.replay.RecordedKernel;
import io.github.portpool.source.replay.RecordingKernel;
import io.github.portpool.source.replay.RecordingTables;
import io.github.portpool.source.sockdiag.LiveKernel;
import io.github.portpool.source.sockdiag.SockDiagSource;
import io.github.portpool.table.PortSet;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;

/** A recording of the tables shows what they showed. */
@NeedsHost
@NeedsBpf
class RecordedTablesContractTest extends SocketSourceContract {
  private interface Reading {
    void of(SocketSource source) throws SourceException;
  }

  @Override
  protected SocketSource open(Path scratch) throws Exception {
    return record(scratch, live -> live.read(new SocketPass()));
  }

  @Override
  protected SocketSource openFor(PortSet ports, Path scratch) throws Exception {
    return record(scratch, live -> live.readPorts(ports, new SocketPass()));
  }

  @Override
  protected boolean seesEverything() {
    return true;
  }

  private static SocketSource record(Path scratch, Reading reading) throws Exception {
    Path file = scratch.resolve("tables.recording");
    try (OutputStream out = Files.newOutputStream(file);
        RecordingKernel kernel = new RecordingKernel(new LiveKernel(), out);
        SockDiagSource live =
            new SockDiagSource(
                "record",
                kernel,
                Optional.of(BpfTcp.open(tables -> new RecordingTables(tables, out))))) {
      reading.of(live);
    }
    return RecordedKernel.source(file);
  }
}
