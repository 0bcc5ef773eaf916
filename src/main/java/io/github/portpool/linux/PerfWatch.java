package io.github.portpool.linux;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;

/**
 * Waits until one of several perf events has written to its ring: epoll(7), eventfd(2).
 *
 * <p>It takes two file descriptors. One thread waits, and closes it once it is told to end; others
 * add events and tell it. An event that is closed is forgotten.
 */
public final class PerfWatch implements AutoCloseable {
  private static final int EPOLL_CTL_ADD = 1; // include/uapi/linux/eventpoll.h
  private static final int EPOLLIN = 1;
  private static final int CLOEXEC = 0x80000; // include/uapi/asm-generic/fcntl.h

  /** struct epoll_event { u32 events; u64 data; }, packed on x86 and not elsewhere. */
  private static final int EVENT_BYTES = 16;

  private final Arena arena = Arena.ofShared();
  private final MemorySegment state = arena.allocate(Libc.ERRNO_LAYOUT);
  private final MemorySegment event = arena.allocate(EVENT_BYTES, Long.BYTES);
  private final int epoll = Libc.epollCreate(state, CLOEXEC);
  private final int ending = epoll < 0 ? epoll : Libc.eventfd(state, CLOEXEC);
  private volatile boolean ended;

  /**
   * Watches nothing yet.
   *
   * @throws SystemCallException when there is no file descriptor left
   */
  public PerfWatch() throws SystemCallException {
    try {
      Libc.check("eventfd", state, ending);
      add(ending);
    } catch (SystemCallException e) {
      close();
      throw e;
    }
  }

  /** Watches an event that has a ring. */
  public void add(PerfEvent added) throws SystemCallException {
    add(added.fd());
  }

  private void add(int fd) throws SystemCallException {
    try (Arena own = Arena.ofConfined()) {
      MemorySegment errno = own.allocate(Libc.ERRNO_LAYOUT);
      MemorySegment readable = own.allocate(EVENT_BYTES, Long.BYTES);
      readable.set(ValueLayout.JAVA_INT, 0, EPOLLIN);
      Libc.check("epoll_ctl", errno, Libc.epollCtl(errno, epoll, EPOLL_CTL_ADD, fd, readable));
    }
  }

  /**
   * Waits until there is something to read.
   *
   * @return false when it is told to end
   */
  public boolean await() throws SystemCallException {
    while (Libc.epollWait(state, epoll, event) < 0) {
      if (!Errno.EINTR.is(Libc.errno(state))) {
        throw new SystemCallException("epoll_wait", Libc.errno(state));
      }
    }
    return !ended;
  }

  /** Tells the thread that waits, now or later, to end. */
  public void end() {
    ended = true;
    try (Arena own = Arena.ofConfined()) {
      Libc.eventfdWrite(own.allocate(Libc.ERRNO_LAYOUT), ending, 1);
    }
  }

  @Override
  public void close() {
    Libc.close(state, ending);
    Libc.close(state, epoll);
    arena.close();
  }
}
