package io.github.portpool.source.sockdiag;

import io.github.portpool.linux.Errno;
import io.github.portpool.linux.InetDiag;
import io.github.portpool.linux.MalformedMessageException;
import io.github.portpool.linux.NetlinkMessages;
import io.github.portpool.linux.NetlinkSocket;
import io.github.portpool.linux.SystemCallException;
import io.github.portpool.source.SourceException;
import io.github.portpool.source.SourceException.Reason;
import io.github.portpool.table.Protocol;
import io.github.portpool.table.SocketSink;
import java.io.IOException;
import org.jspecify.annotations.Nullable;

/** One request for sockets and its whole answer, block by block, in buffers that are kept. */
final class SocketDump {
  private final KernelChannel kernel;
  private final NetlinkMessages messages = new NetlinkMessages();
  private final int[] words = new int[NetlinkSocket.BUFFER_BYTES / Integer.BYTES];
  private final SocketDecoder decoder = new SocketDecoder();
  private boolean answerPending;
  private boolean passedSockets;
  private int sequence;

  SocketDump(KernelChannel kernel) {
    this.kernel = kernel;
  }

  /** Starts a pass; its requests are numbered from 1, so that a recording meets the same ones. */
  void begin(SocketSink sink) throws SourceException {
    decoder.begin(sink);
    sequence = 0;
    if (answerPending) {
      try {
        kernel.reset();
        answerPending = false;
      } catch (IOException e) {
        throw new SourceException(
            Reason.SOCKET, "cannot ask the kernel again (" + e.getMessage() + ")", e);
      }
    }
  }

  /**
   * Asks once and passes the sockets of the answer on.
   *
   * @param explicit whether the program accepts only sockets that named their port or have no peer
   * @return 0, or the error number with which the kernel refused before it named any socket
   */
  int run(Protocol protocol, int family, int states, boolean explicit, byte[] program)
      throws SourceException {
    decoder.expect(protocol, explicit);
    answerPending = true;
    passedSockets = false;
    try {
      kernel.send(DumpRequest.of(protocol, family, states, program, ++sequence));
      while (true) {
        int length = kernel.receive(words);
        if (length > NetlinkSocket.BUFFER_BYTES) {
          throw new SourceException(
              Reason.TRUNCATED, "the kernel's answer was cut off, a block of " + length + " bytes");
        }
        messages.wrap(words, length);
        int result = block();
        if (result >= 0) {
          answerPending = false;
          if (result > 0 && passedSockets) {
            throw new SourceException(
                Reason.INTERRUPTED, "the kernel broke off its answer (" + Errno.name(result) + ")");
          }
          if (noMemory(result)) {
            throw noBuffers(null);
          }
          return result;
        }
      }
    } catch (MalformedMessageException e) {
      throw new SourceException(
          Reason.MALFORMED, "the kernel's answer is not understood: " + e.getMessage(), e);
    } catch (IOException e) {
      throw failed(e);
    }
  }

  /** The result of the dump where the block ends it, else -1. */
  private int block() throws MalformedMessageException, SourceException {
    boolean empty = true;
    while (messages.next()) {
      empty = false;
      if (messages.sequence() != sequence) {
        throw new MalformedMessageException("an answer to another request");
      }
      if ((messages.flags() & NetlinkMessages.NLM_F_DUMP_INTR) != 0) {
        throw new SourceException(
            Reason.INTERRUPTED, "the kernel's table of sockets changed while it was read");
      }
      switch (messages.type()) {
        case DumpRequest.TCPDIAG_GETSOCK, DumpRequest.SOCK_DIAG_BY_FAMILY -> {
          if (messages.payloadBytes() < InetDiag.MESSAGE_BYTES) {
            throw new MalformedMessageException(
                "a socket of " + messages.payloadBytes() + " bytes");
          }
          passedSockets = true;
          decoder.socket(messages.words(), messages.payload(), messages.payloadBytes());
        }
        case NetlinkMessages.NLMSG_DONE -> {
          return messages.errno();
        }
        case NetlinkMessages.NLMSG_ERROR -> {
          // Number 0 is an acknowledgement, which no request asks for: no empty answer.
          if (messages.errno() == 0) {
            throw new MalformedMessageException("an error without a number");
          }
          return messages.errno();
        }
        case NetlinkMessages.NLMSG_OVERRUN ->
            throw new SourceException(Reason.NO_BUFFERS, "the kernel lost a part of its answer");
        default -> {
          // NLMSG_NOOP, and what a later kernel may add between sockets.
        }
      }
    }
    if (empty) {
      throw new MalformedMessageException("an empty block");
    }
    return -1;
  }

  private static SourceException failed(IOException e) {
    int errno = e instanceof SystemCallException refused ? refused.errno() : 0;
    if (errno == Errno.EAGAIN) {
      return new SourceException(Reason.TIMEOUT, "the kernel does not answer", e);
    }
    if (noMemory(errno)) {
      return noBuffers(e);
    }
    return new SourceException(
        Reason.SOCKET, "cannot ask the kernel for its sockets (" + e.getMessage() + ")", e);
  }

  private static boolean noMemory(int errno) {
    return errno == Errno.ENOMEM || errno == Errno.ENOBUFS;
  }

  private static SourceException noBuffers(@Nullable Throwable cause) {
    return new SourceException(
        Reason.NO_BUFFERS, "the kernel has no memory to list sockets: free some", cause);
  }
}
