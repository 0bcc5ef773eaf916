package io.github.portpool.source.replay;

import io.github.portpool.source.bpf.KernelTables;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * The file format of recorded kernel bytes.
 *
 * <p>A line {@code portpool recording 1}, then records in the order in which they happened: a byte
 * that says what it is, a length as a big-endian int, and so many bytes.
 */
final class Recording {
  /** A sysctl: its name, a line feed, its text. */
  static final byte SYSCTL = 's';

  /** A sysctl that the kernel does not have: its name. */
  static final byte NO_SYSCTL = 'n';

  /** A netlink request; what follows up to the next request answers it. */
  static final byte REQUEST = 'q';

  /** A block of a netlink answer. */
  static final byte ANSWER = 'a';

  /** What CLOCK_MONOTONIC showed after the request before, in nanoseconds: a big-endian long. */
  static final byte CLOCK = 'c';

  /** A part of a table of sockets that was asked for: {@link KernelTables.Part}, as text. */
  static final byte PART = 'p';

  /** The answer to the part before. */
  static final byte TABLE = 't';

  /** No record is longer: more than any netlink block or sysctl, and a whole answer of a table. */
  static final int MAX_BYTES = 2 << 20;

  private static final byte[] MAGIC = "portpool recording 1\n".getBytes(StandardCharsets.US_ASCII);

  /** One record. */
  @SuppressWarnings("ArrayRecordComponent") // made and used here, never compared
  record Entry(byte kind, byte[] bytes) {}

  private Recording() {}

  static void writeMagic(OutputStream out) throws IOException {
    out.write(MAGIC);
  }

  static void write(DataOutputStream out, byte kind, byte[] bytes) throws IOException {
    out.writeByte(kind);
    out.writeInt(bytes.length);
    out.write(bytes);
  }

  static void readMagic(InputStream in) throws IOException {
    if (!Arrays.equals(in.readNBytes(MAGIC.length), MAGIC)) {
      throw new IOException("not a file that portpool record wrote");
    }
  }

  /** The next record, or null at the end of the file. */
  static @Nullable Entry read(DataInputStream in) throws IOException {
    int kind = in.read();
    if (kind < 0) {
      return null;
    }
    try {
      int length = in.readInt();
      if (length < 0 || length > MAX_BYTES) {
        throw new IOException("a record of " + Integer.toUnsignedString(length) + " bytes");
      }
      byte[] bytes = in.readNBytes(length);
      if (bytes.length < length) {
        throw new EOFException();
      }
      return new Entry((byte) kind, bytes);
    } catch (EOFException e) {
      throw new IOException("it ends in the middle of a record", e);
    }
  }
}
