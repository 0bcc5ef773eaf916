package io.github.portpool.daemon;

import io.github.portpool.host.Trouble;
import io.github.portpool.linux.InheritedSocket;
import java.io.IOException;
import java.nio.channels.ServerSocketChannel;
import java.util.Map;

/** The listening socket that the service manager has opened for this process: sd_listen_fds(3). */
public final class SocketActivation {
  /** {@code SD_LISTEN_FDS_START}. */
  private static final int FIRST_DESCRIPTOR = 3;

  private SocketActivation() {}

  /**
   * The socket.
   *
   * @param environment with {@code LISTEN_FDS} and {@code LISTEN_PID}
   * @throws ActivationException when there is none, more than one, or another kind of socket
   */
  public static ServerSocketChannel socket(Map<String, String> environment)
      throws ActivationException {
    String pid = String.valueOf(ProcessHandle.current().pid());
    String sockets =
        pid.equals(environment.get("LISTEN_PID")) ? environment.getOrDefault("LISTEN_FDS", "") : "";
    if (!sockets.equals("1")) {
      throw new ActivationException(
          sockets.isEmpty()
              ? "--web.systemd-socket: the service manager has handed over no socket: start"
                  + " portpool.socket rather than portpool.service, or leave the option out"
              : "--web.systemd-socket: the service manager has handed over "
                  + sockets
                  + " sockets, and one is served: ListenStream=10696 alone takes IPv4 and IPv6");
    }
    try {
      return InheritedSocket.adopt(FIRST_DESCRIPTOR)
          .orElseThrow(() ->
              new ActivationException(
                  "--web.systemd-socket: what the service manager has handed over is no listening"
                      + " TCP socket: give portpool.socket ListenStream=10696 and Accept=no"));
    } catch (IOException e) {
      throw new ActivationException(
          "--web.systemd-socket: the socket cannot be taken over: " + Trouble.reason(e));
    }
  }
}
