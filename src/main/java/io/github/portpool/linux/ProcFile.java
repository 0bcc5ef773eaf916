package io.github.portpool.linux;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;

/**
 * A file of /proc that is kept open and read again and again.
 *
 * <p>Files such as {@code ip_local_port_range} answer only a read at their beginning, so one read
 * must take all of it; others answer a page at a time. An open file of /proc/sys/net or of
 * /proc/thread-self/net stays in the network namespace in which it was opened.
 */
public final class ProcFile implements AutoCloseable {
  private static final int FIRST_BYTES = 4096;

  /** After so little there is no more: what else there is would have fitted into the page. */
  private static final int SHORT_BYTES = FIRST_BYTES / 2;

  /** One for each thread: a sample of many network namespaces reads thousands of small files. */
  private static final ThreadLocal<ByteBuffer> FIRST =
      ThreadLocal.withInitial(() -> ByteBuffer.allocateDirect(FIRST_BYTES));

  private final FileChannel channel;
  private int capacity = FIRST_BYTES;

  /** Opens a file for reading. */
  public ProcFile(Path path) throws IOException {
    channel = FileChannel.open(path);
  }

  /** The whole content as it is now. */
  public String read() throws IOException {
    while (true) {
      ByteBuffer buffer =
          capacity == FIRST_BYTES ? FIRST.get().clear() : ByteBuffer.allocate(capacity);
      while (buffer.hasRemaining()) {
        int read = channel.read(buffer, buffer.position());
        if (read <= 0 || buffer.position() <= SHORT_BYTES) {
          byte[] text = new byte[buffer.flip().remaining()];
          buffer.get(text);
          return new String(text, StandardCharsets.ISO_8859_1);
        }
      }
      capacity *= 2;
    }
  }

  @Override
  public void close() {
    try {
      channel.close();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
