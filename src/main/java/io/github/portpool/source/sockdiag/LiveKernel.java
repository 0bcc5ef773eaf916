package io.github.portpool.source.sockdiag;

import io.github.portpool.linux.SysctlFiles;
import io.github.portpool.linux.netlink.NetlinkSocket;
import java.io.IOException;
import java.util.Optional;

/** The running kernel, in the network namespace of the thread that opens it. */
public final class LiveKernel implements KernelChannel {
  private final SysctlFiles sysctls = new SysctlFiles();
  private final NetlinkSocket socket;

  /** Opens a netlink socket. */
  public LiveKernel() throws IOException {
    socket = NetlinkSocket.open(NetlinkSocket.NETLINK_SOCK_DIAG);
  }

  @Override
  public Optional<String> sysctl(String name) throws IOException {
    return sysctls.read(name);
  }

  @Override
  public void send(byte[] request) throws IOException {
    socket.send(request);
  }

  @Override
  public int receive(int[] words) throws IOException {
    return socket.receive(words);
  }

  /** On Linux, Java's clock is CLOCK_MONOTONIC as it is. */
  @Override
  public long nanos() {
    return System.nanoTime();
  }

  @Override
  public void reset() throws IOException {
    socket.reset();
  }

  @Override
  public void close() {
    socket.close();
    sysctls.close();
  }
}
