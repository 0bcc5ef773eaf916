package io.github.portpool.cli;

import io.github.portpool.host.Trouble;
import io.github.portpool.source.SourceException;
import io.github.portpool.source.bpf.BpfTcp;
import io.github.portpool.source.replay.RecordingKernel;
import io.github.portpool.source.replay.RecordingTables;
import io.github.portpool.source.sockdiag.KernelChannel;
import io.github.portpool.source.sockdiag.SockDiagSource;
import io.github.portpool.source.sockdiag.TcpTables;
import io.github.portpool.table.SocketTable;
import java.io.BufferedOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** The command {@code portpool record}: one sample's kernel bytes, for a bug report or a test. */
@Command(
    name = "record",
    description = {
      "Writes the kernel's answers to one sample to a file, which --source=replay:FILE reads.",
      "The file holds the addresses, ports, uids and inodes of this host's sockets."
    })
final class RecordCommand implements Callable<Integer> {
  private static final Set<Path> STANDARD_OUTPUT = Set.of(Path.of("-"), Path.of("/dev/stdout"));

  @Parameters(
      index = "0",
      paramLabel = "FILE",
      description = "The file to write, which only its owner may read; - is standard output.")
  private Path file;

  @Spec private CommandSpec spec;

  @Override
  public Integer call() throws SourceException {
    try (KernelChannel kernel = SockDiagSource.kernel()) {
      if (STANDARD_OUTPUT.contains(file)) {
        record(kernel, System.out);
      } else {
        int sockets;
        try (PrivateFile recording = PrivateFile.create(file)) {
          sockets = record(kernel, recording.out());
          recording.complete();
        }
        spec.commandLine()
            .getOut()
            .println("recorded " + sockets + " sockets in " + Files.size(file) + " bytes");
      }
      return 0;
    } catch (IOException e) {
      return cannotWrite(e);
    } catch (UncheckedIOException e) {
      return cannotWrite(Objects.requireNonNull(e.getCause()));
    }
  }

  private static int record(KernelChannel kernel, OutputStream file)
      throws IOException, SourceException {
    OutputStream out = new BufferedOutputStream(file);
    // With what a sample would read by its rights.
    KernelChannel recording = new RecordingKernel(kernel, out);
    Optional<TcpTables> tables = BpfTcp.whereAllowed(live -> new RecordingTables(live, out));
    try (SockDiagSource source = new SockDiagSource("linux", recording, tables)) {
      SocketTable table = new SocketTable();
      source.read(table);
      out.flush();
      return table.sockets();
    }
  }

  private int cannotWrite(IOException e) {
    return PortpoolCommand.fail(
        spec.commandLine(), "cannot record to " + file + ": " + Trouble.reason(e));
  }
}
