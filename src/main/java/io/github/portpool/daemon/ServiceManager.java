package io.github.portpool.daemon;

import io.github.portpool.host.Trouble;
import io.github.portpool.linux.NotifySocket;
import io.github.portpool.linux.SystemCallException;
import io.github.portpool.sample.SampleReport;
import io.github.portpool.sample.SampleWatch;
import java.lang.System.Logger.Level;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * The service manager that has started this process, as far as it wants to hear of it: sd_notify(3)
 * and sd_watchdog_enabled(3).
 *
 * <p>The agent is ready after its first good sample. The watchdog is fed by the thread that
 * samples, while the server answers, and by nothing else. What cannot be sent is logged once;
 * nothing depends on it.
 */
public final class ServiceManager implements SampleWatch, AutoCloseable {
  private static final System.Logger LOG = System.getLogger(ServiceManager.class.getName());

  private final @Nullable NotifySocket socket;
  private final Duration pulse;
  private final Function<SampleReport, String> status;
  private String lastStatus = "";
  private boolean ready;
  private boolean saidUnheard;
  private volatile boolean isServing = true;
  private long lastPing = System.nanoTime();

  private ServiceManager(
      @Nullable NotifySocket socket, Duration pulse, Function<SampleReport, String> status) {
    this.socket = socket;
    this.pulse = pulse;
    this.status = status;
  }

  /**
   * The service manager that the environment names, or one that hears nothing.
   *
   * @param environment with {@code NOTIFY_SOCKET}, {@code WATCHDOG_USEC} and {@code WATCHDOG_PID},
   *     where there is one
   * @param status a line about the agent, made of its last report
   */
  public static ServiceManager of(
      Map<String, String> environment, Function<SampleReport, String> status) {
    String name = environment.getOrDefault("NOTIFY_SOCKET", "");
    if (!name.startsWith("/") && !name.startsWith("@")) {
      return new ServiceManager(null, SampleWatch.NOBODY.pulse(), status);
    }
    try {
      return new ServiceManager(NotifySocket.open(name), pulse(environment), status);
    } catch (SystemCallException e) {
      LOG.log(Level.WARNING, "the service manager cannot be told anything: {0}", Trouble.reason(e));
      return new ServiceManager(null, SampleWatch.NOBODY.pulse(), status);
    }
  }

  /** Half of the time after which the watchdog acts. */
  private static Duration pulse(Map<String, String> environment) {
    String pid = environment.getOrDefault("WATCHDOG_PID", "");
    String micros = environment.getOrDefault("WATCHDOG_USEC", "");
    boolean ours = pid.isEmpty() || pid.equals(String.valueOf(ProcessHandle.current().pid()));
    return ours && micros.matches("[1-9]\\d{0,17}")
        ? Duration.ofNanos(TimeUnit.MICROSECONDS.toNanos(Long.parseLong(micros)) / 2)
        : SampleWatch.NOBODY.pulse();
  }

  @Override
  public Duration pulse() {
    return pulse;
  }

  @Override
  public void alive() {
    long now = System.nanoTime();
    if (isServing && now - lastPing >= pulse.toNanos() / 2) {
      lastPing = now;
      send("WATCHDOG=1");
    }
  }

  @Override
  public void sampled(SampleReport report) {
    alive();
    if (socket == null) {
      return;
    }
    String line = status.apply(report);
    boolean becomesReady = !ready && report.lastGood() != null;
    if (becomesReady || !line.equals(lastStatus)) {
      send((becomesReady ? "READY=1\n" : "") + "STATUS=" + line);
      ready |= becomesReady;
      lastStatus = line;
    }
  }

  /**
   * Looks whether the server answers, for the watchdog; where there is none, nobody has to know.
   */
  void ask(SelfCheck server) {
    if (!pulse.equals(SampleWatch.NOBODY.pulse())) {
      isServing = server.answers();
    }
  }

  /** Says that the configuration is being read again, which {@link #reloaded} ends. */
  public void reloading() {
    // CLOCK_MONOTONIC is what System.nanoTime reads on Linux.
    send("RELOADING=1\nMONOTONIC_USEC=" + TimeUnit.NANOSECONDS.toMicros(System.nanoTime()));
  }

  /** Says that the configuration has been read again, whatever came of it. */
  public void reloaded() {
    send("READY=1");
  }

  /** Says that the agent is about to end. */
  public void stopping() {
    send("STOPPING=1");
  }

  private synchronized void send(String message) {
    if (socket == null) {
      return;
    }
    try {
      socket.send(message);
      saidUnheard = false;
    } catch (SystemCallException e) {
      if (!saidUnheard) {
        saidUnheard = true;
        LOG.log(Level.WARNING, "the service manager did not hear: {0}", Trouble.reason(e));
      }
    }
  }

  @Override
  public synchronized void close() {
    if (socket != null) {
      socket.close();
    }
  }
}
