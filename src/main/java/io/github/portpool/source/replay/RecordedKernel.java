package io.github.portpool.source.replay;

import io.github.portpool.host.Trouble;
import io.github.portpool.linux.netlink.NetlinkSocket;
import io.github.portpool.source.SourceException;
import io.github.portpool.source.SourceException.Reason;
import io.github.portpool.source.bpf.BpfTcp;
import io.github.portpool.source.replay.Recording.Entry;
import io.github.portpool.source.sockdiag.KernelChannel;
import io.github.portpool.source.sockdiag.SockDiagSource;
import io.github.portpool.source.sockdiag.TcpTables;
import java.io.BufferedInputStream;
import java.io.DataInputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** A kernel that answers as it did when it was recorded, again and again. */
public final class RecordedKernel implements KernelChannel {
  /**
   * The end of a second, for recordings of before clocks were recorded: no age is taken for more.
   */
  private static final long WITHOUT_CLOCK = 999_999_999;

  private final Map<String, Optional<String>> sysctls = new HashMap<>();
  private final Map<ByteBuffer, List<byte[]>> answers = new HashMap<>();
  private final Map<ByteBuffer, Long> clocks = new HashMap<>();
  private final Deque<byte[]> pending = new ArrayDeque<>();
  private final RecordedTables tables = new RecordedTables();
  private String part = "";
  private ByteBuffer asked = ByteBuffer.allocate(0);

  private RecordedKernel() {}

  /**
   * Reads a recording.
   *
   * @throws IOException when it cannot be read or is no recording
   */
  public static RecordedKernel read(Path file) throws IOException {
    RecordedKernel kernel = new RecordedKernel();
    try (DataInputStream in =
        new DataInputStream(new BufferedInputStream(Files.newInputStream(file)))) {
      Recording.readMagic(in);
      List<byte[]> blocks = new ArrayList<>();
      for (Entry entry = Recording.read(in); entry != null; entry = Recording.read(in)) {
        blocks = kernel.add(entry, blocks);
      }
    }
    return kernel;
  }

  /**
   * A source that replays a recording.
   *
   * @throws SourceException when the file is not a recording, or one of another version
   */
  public static SockDiagSource source(Path file) throws SourceException {
    try {
      RecordedKernel kernel = read(file);
      return new SockDiagSource("replay", kernel, kernel.tcp());
    } catch (OutOfMemoryError e) {
      throw new SourceException(
          Reason.SOCKET, file + " does not fit in memory: set PORTPOOL_JAVA_OPTS=-Xmx1g", e);
    } catch (NoSuchFileException e) {
      throw new SourceException(
          Reason.SOCKET, "there is no file " + file + ": write one with portpool record", e);
    } catch (IOException e) {
      throw new SourceException(
          Reason.SOCKET, "cannot replay " + file + " (" + Trouble.reason(e) + ")", e);
    }
  }

  private Optional<TcpTables> tcp() {
    return tables.isEmpty() ? Optional.empty() : Optional.of(new BpfTcp(tables, BpfTcp.ANY));
  }

  /** Returns the list that the next answers belong to. */
  private List<byte[]> add(Entry entry, List<byte[]> blocks) throws IOException {
    String text = new String(entry.bytes(), StandardCharsets.ISO_8859_1);
    switch (entry.kind()) {
      case Recording.SYSCTL -> {
        int end = text.indexOf('\n');
        if (end < 0) {
          throw new IOException("a sysctl without a value");
        }
        sysctls.put(text.substring(0, end), Optional.of(text.substring(end + 1)));
      }
      case Recording.NO_SYSCTL -> sysctls.put(text, Optional.empty());
      case Recording.REQUEST -> {
        List<byte[]> next = new ArrayList<>();
        asked = ByteBuffer.wrap(entry.bytes());
        answers.put(asked, next);
        return next;
      }
      case Recording.ANSWER -> blocks.add(entry.bytes());
      case Recording.CLOCK -> {
        if (entry.bytes().length != Long.BYTES) {
          throw new IOException("a clock of another length");
        }
        clocks.put(asked, ByteBuffer.wrap(entry.bytes()).getLong());
      }
      case Recording.PART -> part = text;
      case Recording.TABLE -> tables.add(part, entry.bytes());
      default -> throw new IOException("a record of an unknown kind");
    }
    return blocks;
  }

  @Override
  public Optional<String> sysctl(String name) throws IOException {
    Optional<String> text = sysctls.get(name);
    if (text == null) {
      throw new IOException("the recording has no sysctl " + name);
    }
    return text;
  }

  @Override
  public void send(byte[] request) throws IOException {
    asked = ByteBuffer.wrap(request);
    List<byte[]> blocks = answers.get(asked);
    if (blocks == null) {
      throw new IOException("the recording has no answer to this request: record again");
    }
    pending.clear();
    pending.addAll(blocks);
  }

  @Override
  public int receive(int[] words) throws IOException {
    byte[] block = pending.poll();
    if (block == null) {
      throw new IOException("the recording ends in the middle of an answer");
    }
    int kept = Math.min(block.length, NetlinkSocket.BUFFER_BYTES);
    ByteBuffer bytes = ByteBuffer.allocate(kept + Integer.BYTES).order(ByteOrder.LITTLE_ENDIAN);
    bytes.put(block, 0, kept).rewind();
    bytes.asIntBuffer().get(words, 0, (kept + Integer.BYTES - 1) / Integer.BYTES);
    return block.length;
  }

  @Override
  public long nanos() {
    return clocks.getOrDefault(asked, WITHOUT_CLOCK);
  }

  @Override
  public void reset() {
    pending.clear();
  }

  @Override
  public void close() {
    pending.clear();
  }
}
