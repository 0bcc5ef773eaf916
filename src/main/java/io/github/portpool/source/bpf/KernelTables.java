package io.github.portpool.source.bpf;

import java.io.IOException;
import java.nio.ByteBuffer;

/** The hash tables of TCP sockets of a kernel, running or recorded. Used by one thread. */
public interface KernelTables extends AutoCloseable {
  /** A table, in the order of the programs. */
  enum Table {
    /** Connected sockets, NEW_SYN_RECV and TIME_WAIT: inet_hashinfo.ehash. */
    CONNECTIONS("connections"),
    /** Listeners and bound sockets, by port: inet_hashinfo.bhash. */
    BIND_HASH("bind_hash");

    private final String text;

    Table(String text) {
      this.text = text;
    }
  }

  /**
   * A part of a table.
   *
   * @param first the first bucket
   * @param buckets how many at most; the answer may end sooner
   * @param lowest the lowest port
   * @param highest the highest port
   * @param netns the inode number of a network namespace, or 0 for all
   */
  record Part(Table table, int first, int buckets, int lowest, int highest, long netns) {
    /** The same text for the same part: recordings have it. */
    @Override
    public String toString() {
      return table.text + " " + first + "+" + buckets + " ports " + lowest + "-" + highest;
    }
  }

  /** The bytes of an answer that are in use. */
  static int length(ByteBuffer answer) {
    return answer.limit() < Answer.HEAD ? -1 : Answer.length(answer);
  }

  /**
   * The sockets of a part: {@code struct answer} of {@code src/main/bpf/tcp_tables.bpf.c}, valid
   * until the next one.
   *
   * @throws IOException when the kernel refuses
   */
  ByteBuffer read(Part part) throws IOException;

  @Override
  void close();
}
