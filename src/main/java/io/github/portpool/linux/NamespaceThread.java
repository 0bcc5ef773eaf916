package io.github.portpool.linux;

import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.jspecify.annotations.Nullable;

/**
 * The one thread that visits other network namespaces.
 *
 * <p>What it opens there, a netlink socket or a file of /proc/sys/net, stays in that namespace and
 * is used from other threads. Should it not find home again, it ends, and another takes its place.
 */
public final class NamespaceThread implements AutoCloseable {
  private final NetworkNamespace home;
  private @Nullable ExecutorService executor;
  private long cpuNanos;

  /** A thread at home in the namespace of the calling thread. */
  public NamespaceThread() throws IOException {
    home = NetworkNamespace.current();
  }

  /** The namespace to which the thread returns. */
  public NetworkNamespace home() {
    return home;
  }

  /**
   * Does something in a namespace and waits for it. For one caller at a time.
   *
   * @throws IOException what the work threw, or a {@link SystemCallException} when the namespace
   *     may not be entered
   */
  public <T> T call(NetworkNamespace namespace, Callable<T> work) throws IOException {
    if (executor == null) {
      executor =
          Executors.newSingleThreadExecutor(
              Thread.ofPlatform().name("portpool-netns").daemon().factory());
    }
    ExecutorService visitor = executor;
    Future<T> future = visitor.submit(() -> visit(namespace, work));
    try {
      return future.get();
    } catch (ExecutionException e) {
      switch (e.getCause()) {
        case LostException lost -> {
          visitor.shutdownNow();
          executor = null;
          throw lost;
        }
        case IOException failed -> throw failed;
        case RuntimeException failed -> throw failed;
        case Error failed -> throw failed;
        case null, default -> throw new IOException(e.getCause());
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IOException("interrupted", e);
    }
  }

  private <T> T visit(NetworkNamespace namespace, Callable<T> work) throws Exception {
    long start = ManagementFactory.getThreadMXBean().getCurrentThreadCpuTime();
    namespace.enter();
    try {
      return work.call();
    } finally {
      goHome();
      cpuNanos += ManagementFactory.getThreadMXBean().getCurrentThreadCpuTime() - start;
    }
  }

  private void goHome() throws LostException {
    try {
      home.enter();
    } catch (SystemCallException e) {
      throw new LostException(e);
    }
  }

  /** The CPU time of all visits; read by the thread that calls. */
  public long cpuNanos() {
    return cpuNanos;
  }

  @Override
  public void close() {
    if (executor != null) {
      executor.shutdownNow();
    }
    home.close();
  }

  /** The thread could not leave a namespace. */
  private static final class LostException extends IOException {
    private static final long serialVersionUID = 1;

    LostException(SystemCallException cause) {
      super("cannot leave a network namespace: " + cause.getMessage(), cause);
    }
  }
}
