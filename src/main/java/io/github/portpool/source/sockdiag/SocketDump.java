package io.github.portpool.source.sockdiag;

import io.github.portpool.linux.MalformedMessageException;
import io.github.portpool.linux.netlink.InetDiag;
import io.github.portpool.linux.netlink.InetDiagRequest;
import io.github.portpool.linux.netlink.NetlinkDump;
import io.github.portpool.linux.netlink.NetlinkMessages;
import io.github.portpool.snapshot.Protocol;
import io.github.portpool.snapshot.TcpSettings;
import io.github.portpool.source.SourceException;
import io.github.portpool.table.SocketSink;

/** One request for sockets and its whole answer, passed on to a sink. */
final class SocketDump {
  private final KernelChannel kernel;
  private final NetlinkDump dump;
  private final SocketDecoder decoder = new SocketDecoder();

  SocketDump(KernelChannel kernel) {
    this.kernel = kernel;
    dump = new NetlinkDump(kernel, "sockets");
  }

  /** Starts a pass. */
  void begin(SocketSink sink, TcpSettings tcp) throws SourceException {
    decoder.begin(sink, tcp);
    dump.begin();
  }

  /** Whether the pass has shown a TCP listener of a transparent proxy. */
  boolean proxyListens() {
    return decoder.proxyListens();
  }

  /**
   * Asks once and passes the sockets of the answer on.
   *
   * @param kind what the program, or the decoder, lets through
   * @return 0, or the error number with which the kernel refused before it named any socket
   */
  int run(Protocol protocol, int family, int states, Kind kind, byte[] program)
      throws SourceException {
    dump.ask(InetDiagRequest.of(protocol, family, states, program, dump.nextSequence()));
    decoder.expect(protocol, kind, kernel.nanos());
    try {
      while (dump.next()) {
        NetlinkMessages message = dump.message();
        // Of another type is what a later kernel may add between sockets.
        if (message.type() == InetDiagRequest.TCPDIAG_GETSOCK
            || message.type() == InetDiagRequest.SOCK_DIAG_BY_FAMILY) {
          if (message.payloadBytes() < InetDiag.MESSAGE_BYTES) {
            throw new MalformedMessageException("a socket of " + message.payloadBytes() + " bytes");
          }
          decoder.socket(message.words(), message.payload(), message.payloadBytes());
        }
      }
    } catch (MalformedMessageException e) {
      throw NetlinkDump.notUnderstood(e);
    }
    return dump.refusal();
  }
}
