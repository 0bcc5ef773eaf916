package io.github.portpool.source.sockdiag;

import io.github.portpool.linux.NetlinkSocket;
import io.github.portpool.linux.ProcFile;
import java.io.IOException;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;

/**
 * The running kernel, in the network namespace of the thread that opens it.
 *
 * <p>It opens each file once, so that a host without free file descriptors can still be sampled.
 */
public final class LiveKernel implements KernelChannel {
  private final Map<String, Optional<ProcFile>> sysctls = new HashMap<>();
  private NetlinkSocket socket;

  /** Opens a netlink socket. */
  public LiveKernel() throws IOException {
    socket = NetlinkSocket.open();
  }

  @Override
  public Optional<String> sysctl(String name) throws IOException {
    Optional<ProcFile> file = sysctls.get(name);
    if (file == null) {
      file = open(name);
      sysctls.put(name, file);
    }
    return file.isEmpty() ? Optional.empty() : Optional.of(file.get().read());
  }

  private static Optional<ProcFile> open(String name) throws IOException {
    try {
      return Optional.of(new ProcFile(Path.of("/proc/sys", name)));
    } catch (NoSuchFileException e) {
      return Optional.empty();
    }
  }

  @Override
  public void send(byte[] request) throws IOException {
    socket.send(request);
  }

  @Override
  public int receive(int[] words) throws IOException {
    return socket.receive(words);
  }

  @Override
  public void reset() throws IOException {
    NetlinkSocket old = socket;
    socket = NetlinkSocket.open();
    old.close();
  }

  @Override
  public void close() {
    socket.close();
    for (Optional<ProcFile> file : sysctls.values()) {
      file.ifPresent(ProcFile::close);
    }
  }
}
