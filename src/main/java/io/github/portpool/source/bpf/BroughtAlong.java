package io.github.portpool.source.bpf;

import io.github.portpool.source.SourceException;
import io.github.portpool.table.SocketSink;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;

/**
 * The records of one network namespace that the walk for another met, until they are asked for. For
 * one thread.
 */
final class BroughtAlong {
  private final Pages free;
  private final List<ByteBuffer> pages = new ArrayList<>();
  private final Answer answer = new Answer();
  private Ports wanted = Ports.NONE;
  private Ports here = Ports.NONE;
  private boolean dropped;
  private int count;

  BroughtAlong(Pages free) {
    this.free = free;
  }

  /** The ports that the next walk should look at for it, by what was last wanted of it. */
  Ports wanted() {
    return wanted;
  }

  /** How many pages the records take. */
  int size() {
    return pages.size();
  }

  /** How many records there are. */
  int count() {
    return count;
  }

  /** Forgets all, before a walk or after use. */
  void clear() {
    free.giveBack(pages);
    pages.clear();
    here = Ports.NONE;
    dropped = false;
    count = 0;
  }

  /** Gives the pages back and has none in this walk: there is no room. */
  void drop() {
    clear();
    dropped = true;
  }

  /** Keeps the record at a place of an answer. */
  void add(ByteBuffer records, int at, int bytes) {
    if (dropped) {
      return;
    }
    count++;
    if (pages.isEmpty() || pages.getLast().remaining() < bytes) {
      pages.add(free.take());
    }
    ByteBuffer page = pages.getLast();
    page.put(page.position(), records, at, bytes).position(page.position() + bytes);
  }

  /** Says that the walk was whole, and on which ports. */
  void complete(Ports ports) {
    here = dropped ? Ports.NONE : ports;
  }

  /** Whether what is here is all there is. */
  boolean isComplete() {
    return !here.isEmpty();
  }

  /**
   * Passes the records on, once.
   *
   * @return whether they were all here
   * @throws SourceException when too many of them cannot be
   */
  boolean pass(Ports ports, SocketSink sink) throws SourceException {
    wanted = ports;
    boolean all = isComplete() && here.contain(ports);
    int torn = 0;
    if (all) {
      for (ByteBuffer page : pages) {
        torn += answer.pass(page, sink);
      }
    }
    clear();
    Answer.check(0, torn);
    return all;
  }
}
