package io.github.portpool.linux.netlink;

import io.github.portpool.linux.Errno;
import io.github.portpool.linux.MalformedMessageException;
import io.github.portpool.linux.SystemCallException;
import io.github.portpool.source.SourceException;
import io.github.portpool.source.SourceException.Reason;
import java.io.IOException;
import org.jspecify.annotations.Nullable;

/**
 * A cursor over the kernel's whole answer to one request for a dump, message by message; whatever
 * goes wrong is a {@link SourceException}.
 *
 * <p>Blocks are received into memory that belongs to the thread, so an answer is read to its end
 * before the same thread asks elsewhere.
 */
public final class NetlinkDump {
  private static final int NLMSG_MIN_TYPE = 0x10; // include/uapi/linux/netlink.h
  private static final ThreadLocal<int[]> BLOCK =
      ThreadLocal.withInitial(() -> new int[NetlinkSocket.BUFFER_BYTES / Integer.BYTES]);

  private final NetlinkChannel kernel;
  private final String subject;
  private final NetlinkMessages messages = new NetlinkMessages();
  private boolean answerPending;
  private boolean passedSome;
  private int sequence;
  private int refusal;

  /**
   * Dumps of one kernel.
   *
   * @param subject what is listed, for sentences: {@code sockets}
   */
  public NetlinkDump(NetlinkChannel kernel, String subject) {
    this.kernel = kernel;
    this.subject = subject;
  }

  /** Starts a pass; its requests are numbered from 1, so that a recording meets the same ones. */
  public void begin() throws SourceException {
    sequence = 0;
    if (answerPending) {
      try {
        kernel.reset();
        answerPending = false;
      } catch (IOException e) {
        throw failed(e);
      }
    }
  }

  /** The number that the next request must carry, nlmsg_seq. */
  public int nextSequence() {
    return ++sequence;
  }

  /** Sends a request that carries the last {@link #nextSequence}. */
  public void ask(byte[] request) throws SourceException {
    answerPending = true;
    passedSome = false;
    refusal = 0;
    messages.wrap(BLOCK.get(), 0);
    try {
      kernel.send(request);
    } catch (IOException e) {
      throw failed(e);
    }
  }

  /**
   * Moves to the next message of the answer.
   *
   * @return false at its end, and when the kernel refused, see {@link #refusal}
   */
  public boolean next() throws SourceException {
    try {
      while (true) {
        while (!messages.next()) {
          receive();
        }
        if (messages.sequence() != sequence) {
          throw new MalformedMessageException("an answer to another request");
        }
        if ((messages.flags() & NetlinkMessages.NLM_F_DUMP_INTR) != 0) {
          throw new SourceException(
              Reason.INTERRUPTED,
              "the kernel's table of " + subject + " changed while it was read");
        }
        int type = messages.type();
        if (type >= NLMSG_MIN_TYPE) {
          passedSome = true;
          return true;
        }
        switch (type) {
          case NetlinkMessages.NLMSG_DONE -> {
            end(messages.errno());
            return false;
          }
          case NetlinkMessages.NLMSG_ERROR -> {
            // Number 0 is an acknowledgement, which no request asks for: no empty answer.
            if (messages.errno() == 0) {
              throw new MalformedMessageException("an error without a number");
            }
            end(messages.errno());
            return false;
          }
          case NetlinkMessages.NLMSG_OVERRUN ->
              throw new SourceException(Reason.NO_BUFFERS, "the kernel lost a part of its answer");
          default -> {
            // NLMSG_NOOP
          }
        }
      }
    } catch (MalformedMessageException e) {
      throw notUnderstood(e);
    } catch (IOException e) {
      throw failed(e);
    }
  }

  private void receive() throws IOException, MalformedMessageException, SourceException {
    int[] block = BLOCK.get();
    int length = kernel.receive(block);
    if (length > NetlinkSocket.BUFFER_BYTES) {
      throw new SourceException(
          Reason.TRUNCATED, "the kernel's answer was cut off, a block of " + length + " bytes");
    }
    if (length == 0) {
      throw new MalformedMessageException("an empty block");
    }
    messages.wrap(block, length);
  }

  private void end(int errno) throws SourceException {
    answerPending = false;
    if (errno > 0 && passedSome) {
      throw new SourceException(
          Reason.INTERRUPTED, "the kernel broke off its answer (" + Errno.name(errno) + ")");
    }
    if (noMemory(errno)) {
      throw noBuffers(null);
    }
    refusal = errno;
  }

  /** 0, or the error number with which the kernel refused before it named anything. */
  public int refusal() {
    return refusal;
  }

  /** The message that it has moved to. */
  public NetlinkMessages message() {
    return messages;
  }

  /** A message whose content is not what the kernel's headers promise. */
  public static SourceException notUnderstood(MalformedMessageException e) {
    return new SourceException(
        Reason.MALFORMED, "the kernel's answer is not understood: " + e.getMessage(), e);
  }

  private SourceException failed(IOException e) {
    int errno = e instanceof SystemCallException refused ? refused.errno() : 0;
    if (Errno.EAGAIN.is(errno)) {
      return new SourceException(Reason.TIMEOUT, "the kernel does not answer", e);
    }
    if (noMemory(errno)) {
      return noBuffers(e);
    }
    return new SourceException(
        Reason.SOCKET, "cannot ask the kernel for its " + subject + " (" + e.getMessage() + ")", e);
  }

  private static boolean noMemory(int errno) {
    return Errno.ENOMEM.is(errno) || Errno.ENOBUFS.is(errno);
  }

  private SourceException noBuffers(@Nullable Throwable cause) {
    return new SourceException(
        Reason.NO_BUFFERS, "the kernel has no memory to list " + subject + ": free some", cause);
  }
}
