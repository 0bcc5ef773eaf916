package io.github.portpool.source.replay;

import io.github.portpool.source.sockdiag.KernelChannel;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.Optional;

/** Passes everything through to a kernel and writes it down. */
public final class RecordingKernel implements KernelChannel {
  private final KernelChannel kernel;
  private final DataOutputStream out;

  /** Writes to {@code out}, which stays the caller's to close. */
  public RecordingKernel(KernelChannel kernel, OutputStream out) throws IOException {
    this.kernel = kernel;
    this.out = new DataOutputStream(out);
    Recording.writeMagic(out);
  }

  @Override
  public Optional<String> sysctl(String name) throws IOException {
    Optional<String> text = kernel.sysctl(name);
    if (text.isPresent()) {
      String record = name + "\n" + text.get();
      write(Recording.SYSCTL, record.getBytes(StandardCharsets.ISO_8859_1));
    } else {
      write(Recording.NO_SYSCTL, name.getBytes(StandardCharsets.ISO_8859_1));
    }
    return text;
  }

  @Override
  public void send(byte[] request) throws IOException {
    write(Recording.REQUEST, request);
    kernel.send(request);
  }

  @Override
  public int receive(int[] words) throws IOException {
    int length = kernel.receive(words);
    int bytes = Math.min(length, words.length * Integer.BYTES);
    ByteBuffer block = ByteBuffer.allocate(bytes + Integer.BYTES).order(ByteOrder.LITTLE_ENDIAN);
    block.asIntBuffer().put(words, 0, (bytes + Integer.BYTES - 1) / Integer.BYTES);
    byte[] answer = new byte[bytes];
    block.get(answer);
    write(Recording.ANSWER, answer);
    return length;
  }

  @Override
  public long nanos() {
    long nanos = kernel.nanos();
    write(Recording.CLOCK, ByteBuffer.allocate(Long.BYTES).putLong(nanos).array());
    return nanos;
  }

  /** A file that cannot be written is no failure of the kernel. */
  private void write(byte kind, byte[] bytes) {
    try {
      Recording.write(out, kind, bytes);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  @Override
  public void reset() throws IOException {
    kernel.reset();
  }

  @Override
  public void close() {
    kernel.close();
  }
}
