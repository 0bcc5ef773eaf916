package io.github.portpool.source.replay;

import io.github.portpool.source.bpf.KernelTables;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;

/** Passes parts of a kernel's tables through and writes them down. */
public final class RecordingTables implements KernelTables {
  private final KernelTables tables;
  private final DataOutputStream out;

  /** Writes to {@code out}, the same that a {@link RecordingKernel} began; the caller closes it. */
  public RecordingTables(KernelTables tables, OutputStream out) {
    this.tables = tables;
    this.out = new DataOutputStream(out);
  }

  @Override
  public ByteBuffer read(Part part) throws IOException {
    ByteBuffer answer = tables.read(part);
    byte[] bytes = new byte[KernelTables.length(answer)];
    answer.get(0, bytes);
    try {
      Recording.write(out, Recording.PART, part.toString().getBytes(StandardCharsets.US_ASCII));
      Recording.write(out, Recording.TABLE, bytes);
    } catch (IOException e) {
      throw new UncheckedIOException(
          e); // a file that cannot be written is no failure of the kernel
    }
    return answer;
  }

  @Override
  public void close() {
    tables.close();
  }
}
