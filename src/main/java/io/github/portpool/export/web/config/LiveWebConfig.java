package io.github.portpool.export.web.config;

import com.sun.net.httpserver.Headers;
import io.github.portpool.host.Printable;
import java.lang.System.Logger.Level;
import java.net.InetAddress;
import java.nio.file.Path;
import java.security.cert.CertificateException;
import java.security.cert.X509Certificate;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import javax.net.ssl.SSLEngine;
import org.jspecify.annotations.Nullable;

/**
 * The web configuration as its files have it now: who asks looks whether they have changed, once a
 * second at most, and a new one that cannot be used changes nothing. Thread-safe.
 */
public final class LiveWebConfig {
  private static final long LOOK_NANOS = TimeUnit.SECONDS.toNanos(1);
  private static final System.Logger LOG = System.getLogger(LiveWebConfig.class.getName());

  private final @Nullable Path file;
  private final BasicAuth basicAuth = new BasicAuth();
  private final AtomicLong looked = new AtomicLong(System.nanoTime());
  private volatile Map<Path, FileStamp> stamps = Map.of();
  private volatile WebConfig current = WebConfig.NONE;

  private LiveWebConfig(@Nullable Path file) {
    this.file = file;
  }

  /** Plain HTTP for everybody. */
  public static LiveWebConfig none() {
    return new LiveWebConfig(null);
  }

  /**
   * Reads a file.
   *
   * @throws WebConfigException when it cannot be used
   */
  public static LiveWebConfig of(Path file) throws WebConfigException {
    LiveWebConfig live = new LiveWebConfig(file);
    WebConfigReader reader = new WebConfigReader(file);
    live.read(file, reader);
    live.stamps = reader.stamps();
    return live;
  }

  /** What speaks TLS with a new client, or null for plain HTTP; which it is never changes. */
  public @Nullable SSLEngine engine() {
    TlsSettings tls = now().tls();
    if (tls == null) {
      return null;
    }
    SSLEngine engine = tls.context().createSSLEngine();
    engine.setUseClientMode(false);
    engine.setSSLParameters(tls.parameters());
    return engine;
  }

  /** Further headers of every answer; an empty value takes away one that portpool sets. */
  public Map<String, String> headers() {
    return now().headers();
  }

  /** Whether a request may be answered, by its user and password. */
  public CompletableFuture<BasicAuth.Verdict> authenticate(InetAddress client, Headers request) {
    return basicAuth.check(now().users(), client, request);
  }

  private WebConfig now() {
    long last = looked.get();
    long now = System.nanoTime();
    if (file != null && now - last > LOOK_NANOS && looked.compareAndSet(last, now)) {
      look(file);
    }
    return current;
  }

  private synchronized void look(Path changed) {
    if (stamps.entrySet().stream()
        .allMatch(each -> FileStamp.of(each.getKey()).equals(each.getValue()))) {
      return;
    }
    WebConfigReader reader = new WebConfigReader(changed);
    try {
      read(changed, reader);
      LOG.log(Level.INFO, "the web configuration was read again");
    } catch (WebConfigException e) {
      LOG.log(Level.ERROR, "the web configuration stays as it was: {0}", e.message());
    } finally {
      stamps = reader.stamps(); // whatever came of it, the same is not tried again
    }
  }

  private void read(Path from, WebConfigReader reader) throws WebConfigException {
    try {
      WebConfig next = reader.read();
      if (!stamps.isEmpty() && (next.tls() == null) != (current.tls() == null)) {
        throw new WebConfigException("to begin or end TLS takes a restart");
      }
      if (next.users().isEmpty() && !current.users().isEmpty()) {
        // It may be no more than half written.
        throw new WebConfigException("to ask for no password any more takes a restart");
      }
      if (next.tls() != null) {
        warnOfExpiry(next.tls().certificate());
      }
      current = next;
    } catch (WebConfigException e) {
      throw new WebConfigException(
          Printable.oneLine("the web configuration file " + from + ": " + e.message()));
    }
  }

  private static void warnOfExpiry(X509Certificate certificate) {
    try {
      certificate.checkValidity();
    } catch (CertificateException e) {
      LOG.log(
          Level.WARNING,
          "the certificate is valid from {0} until {1} only: clients will refuse it",
          certificate.getNotBefore().toInstant().toString(),
          certificate.getNotAfter().toInstant().toString());
    }
  }
}
