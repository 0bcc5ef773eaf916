package io.github.portpool.source.sockdiag;

import static java.nio.ByteOrder.LITTLE_ENDIAN;

import io.github.portpool.linux.netlink.InetDiagRequest;
import io.github.portpool.linux.netlink.SocketStates;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.Optional;

/**
 * The running kernel as one before 6.8 answers: it does not know the bit that asks for sockets
 * which are bound and nothing more, and ignores it.
 */
public final class OlderKernel implements KernelChannel {
  private static final int STATES = 20;
  private static final int STATES_OF_BOTH_FAMILIES = 68;

  private final KernelChannel kernel;

  /** In the network namespace of the calling thread. */
  public OlderKernel() throws IOException {
    kernel = new LiveKernel();
  }

  @Override
  public Optional<String> sysctl(String name) throws IOException {
    return name.equals("kernel/osrelease") ? Optional.of("6.1.0-50-amd64") : kernel.sysctl(name);
  }

  @Override
  public void send(byte[] request) throws IOException {
    ByteBuffer bytes = ByteBuffer.wrap(request.clone()).order(LITTLE_ENDIAN);
    int states =
        bytes.getShort(4) == InetDiagRequest.TCPDIAG_GETSOCK ? STATES_OF_BOTH_FAMILIES : STATES;
    bytes.putInt(states, bytes.getInt(states) & ~(1 << SocketStates.TCP_BOUND_INACTIVE));
    kernel.send(bytes.array());
  }

  @Override
  public int receive(int[] words) throws IOException {
    return kernel.receive(words);
  }

  @Override
  public long nanos() {
    return kernel.nanos();
  }

  @Override
  public void reset() throws IOException {
    kernel.reset();
  }

  @Override
  public void close() {
    kernel.close();
  }
}
