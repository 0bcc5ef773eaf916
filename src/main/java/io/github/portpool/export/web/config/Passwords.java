package io.github.portpool.export.web.config;

import at.favre.lib.crypto.bcrypt.BCrypt;
import at.favre.lib.crypto.bcrypt.LongPasswordStrategies;
import io.github.portpool.export.web.config.BasicAuth.Verdict;
import java.net.InetAddress;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.SecureRandom;
import java.util.Base64;
import java.util.Collections;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

/**
 * Checks passwords against bcrypt hashes.
 *
 * <p>bcrypt is slow on purpose. Those that were right are remembered by a keyed hash of them, so
 * that a scraper costs it once. The others are checked one at a time, for each client address one
 * at most, and each that was wrong is followed by a rest, so that whoever guesses passwords neither
 * is fast, nor takes the host's CPU, nor keeps other addresses from their turn. An unknown user
 * takes as long as a wrong password of the user whose hash is the dearest; where costs differ, time
 * tells users with cheaper ones. Thread-safe.
 */
final class Passwords {
  private static final int REMEMBERED = 100;
  private static final int WAITING = 16;

  /** Times as long as the check that failed: a fifth of a core at most. */
  private static final int REST = 4;

  /** What takes time: checks, and rests. A test counts them. */
  interface Work {
    /** Whether a password is that of a hash. */
    default boolean matches(String password, String hash) {
      byte[] bytes = password.getBytes(StandardCharsets.UTF_8);
      return BCRYPT.verify(bytes, hash.getBytes(StandardCharsets.US_ASCII)).verified;
    }

    default long nanoTime() {
      return System.nanoTime();
    }

    default void rest(long nanos) throws InterruptedException {
      TimeUnit.NANOSECONDS.sleep(nanos);
    }
  }

  private static final BCrypt.Verifyer BCRYPT =
      BCrypt.verifyer(
          BCrypt.Version.VERSION_2Y, LongPasswordStrategies.truncate(BCrypt.Version.VERSION_2Y));

  private final Work work;
  private final Semaphore turn = new Semaphore(1, true);
  private final Set<InetAddress> clients = ConcurrentHashMap.newKeySet();

  /** Not on the thread of the request: a virtual one would let no other run meanwhile. */
  private final ExecutorService checker =
      Executors.newSingleThreadExecutor(
          Thread.ofPlatform().daemon().name("portpool-password").factory());

  private final SecretKeySpec key = randomKey();
  private final Set<String> right =
      Collections.synchronizedSet(
          Collections.newSetFromMap(
              new LinkedHashMap<>() {
                private static final long serialVersionUID = 1;

                @Override
                protected boolean removeEldestEntry(Map.Entry<String, Boolean> eldest) {
                  return size() > REMEMBERED;
                }
              }));

  Passwords() {
    this(new Work() {});
  }

  Passwords(Work work) {
    this.work = work;
  }

  private static SecretKeySpec randomKey() {
    byte[] bytes = new byte[32];
    new SecureRandom().nextBytes(bytes);
    return new SecretKeySpec(bytes, "HmacSHA256");
  }

  /**
   * Checks one.
   *
   * @param users the hash of each user's password, at least one
   * @param client who asks; only one of its passwords is checked at a time
   */
  Verdict check(Map<String, String> users, InetAddress client, String user, String password)
      throws InterruptedException {
    String hash = users.get(user);
    String fingerprint = hash == null ? "" : fingerprint(user, hash, password);
    if (hash != null && right.contains(fingerprint)) {
      return Verdict.GRANTED;
    }
    if (turn.getQueueLength() >= WAITING || !clients.add(client)) {
      return Verdict.BUSY;
    }
    try {
      turn.acquire();
      try {
        long start = work.nanoTime();
        if (check(password, hash == null ? dearest(users) : hash) && hash != null) {
          right.add(fingerprint);
          return Verdict.GRANTED;
        }
        work.rest(REST * (work.nanoTime() - start));
        return Verdict.REFUSED;
      } finally {
        turn.release();
      }
    } finally {
      clients.remove(client);
    }
  }

  private boolean check(String password, String hash) throws InterruptedException {
    try {
      return checker.submit(() -> work.matches(password, hash)).get();
    } catch (ExecutionException e) {
      throw new IllegalStateException("a password could not be checked", e.getCause());
    }
  }

  /** The hash that takes longest; the cost comes first in it. */
  private static String dearest(Map<String, String> users) {
    return Collections.max(
        users.values(), Comparator.comparing((String hash) -> hash.substring(4, 6)));
  }

  private String fingerprint(String user, String hash, String password) {
    try {
      Mac mac = Mac.getInstance(key.getAlgorithm());
      mac.init(key);
      String text = user.length() + ":" + user + hash + password;
      return Base64.getEncoder().encodeToString(mac.doFinal(text.getBytes(StandardCharsets.UTF_8)));
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("every JDK has HMAC", e);
    }
  }
}
