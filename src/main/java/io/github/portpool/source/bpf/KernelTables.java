package io.github.portpool.source.bpf;

import java.io.IOException;
import java.nio.ByteBuffer;

/** The hash tables of the sockets of a kernel, running or recorded. Used by one thread. */
public interface KernelTables extends AutoCloseable {
  /** A table, in the order of the programs. */
  enum Table {
    /** Connected sockets, NEW_SYN_RECV and TIME_WAIT: inet_hashinfo.ehash. */
    CONNECTIONS("connections"),
    /** Listeners and bound sockets, by port: inet_hashinfo.bhash. */
    BIND_HASH("bind_hash"),
    /** The sockets of UDP: udp_table.hash. */
    UDP("udp");

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
   * @param netns the inode number of a network namespace
   * @param ports which ports of that
   * @param elsewhere which ports of all other namespaces
   */
  record Part(Table table, int first, int buckets, long netns, Ports ports, Ports elsewhere) {
    /** The same text for the same part: recordings have it. */
    @Override
    public String toString() {
      return table.text
          + " "
          + first
          + "+"
          + buckets
          + " ports "
          + ports.lowest()
          + "-"
          + ports.highest();
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
