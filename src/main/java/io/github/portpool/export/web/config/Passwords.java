package io.github.portpool.export.web.config;

import at.favre.lib.crypto.bcrypt.BCrypt;
import at.favre.lib.crypto.bcrypt.LongPasswordStrategies;
import io.github.portpool.export.web.config.BasicAuth.Verdict;
import java.net.InetAddress;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.SecureRandom;
import java.util.ArrayList;
import java.util.Base64;
import java.util.Collections;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;
import org.jspecify.annotations.Nullable;

/**
 * Checks passwords against bcrypt hashes.
 *
 * <p>bcrypt is slow on purpose. Those that were right are remembered by a keyed hash of them, so
 * that a scraper costs it once. The others are checked one at a time, and each that was wrong is
 * followed by a rest, so that whoever guesses passwords is not fast and does not take the host's
 * CPU. Whose turn it is goes by how often a client's network, and then the client, was wrong: a
 * scraper comes before all guessers, however many they are, and does not wait for a rest of theirs.
 *
 * <p>An unknown user takes as long as a wrong password of the user whose hash is the most
 * expensive; where costs differ, time tells users with cheaper ones. Thread-safe.
 */
final class Passwords {
  private static final int REMEMBERED = 100;
  private static final int MOST_WAITING = 16;

  /** Times as long as the check that failed: a fifth of a core at most. */
  private static final int REST = 4;

  /** How many passwords of networks that never were wrong are checked before one has to rest. */
  private static final int STRANGERS = 20;

  /** Of whom it is known how often they were wrong. */
  private static final int MOST_WRONG = 4096;

  /** What takes time. A test counts it. */
  interface Work {
    /** Whether a password is that of a hash. */
    default boolean matches(String password, String hash) {
      byte[] bytes = password.getBytes(StandardCharsets.UTF_8);
      return BCRYPT.verify(bytes, hash.getBytes(StandardCharsets.US_ASCII)).verified;
    }
  }

  /**
   * A password to be checked.
   *
   * @param fingerprint of user, hash and password; empty when there is no such user
   */
  private record Attempt(
      InetAddress client,
      String password,
      String hash,
      String fingerprint,
      CompletableFuture<Verdict> verdict) {
    ClientNetwork network() {
      return ClientNetwork.of(client);
    }
  }

  private static final BCrypt.Verifyer BCRYPT =
      BCrypt.verifyer(
          BCrypt.Version.VERSION_2Y, LongPasswordStrategies.truncate(BCrypt.Version.VERSION_2Y));

  private final Work work;
  private final SecretKeySpec key = randomKey();
  private final Map<String, Boolean> right = new Latest<>(REMEMBERED);

  /** How often networks and clients were wrong. */
  private final Map<Object, Integer> wrong = new Latest<>(MOST_WRONG);

  private final Comparator<Attempt> order =
      Comparator.<Attempt>comparingInt(each -> wrong.getOrDefault(each.network(), 0))
          .thenComparingInt(each -> wrong.getOrDefault(each.client(), 0));

  /** In the order in which they came. */
  private final List<Attempt> waiting = new ArrayList<>();

  private @Nullable Attempt checked;
  private boolean isChecking;
  private long restUntil = System.nanoTime();
  private long lastNanos;

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
   * Checks one; who does not want to know any more cancels.
   *
   * @param users the hash of each user's password, at least one
   * @param client who asks; only one of its passwords is checked at a time
   */
  synchronized CompletableFuture<Verdict> check(
      Map<String, String> users, InetAddress client, String user, String password) {
    String hash = users.get(user);
    String fingerprint = hash == null ? "" : fingerprint(user, hash, password);
    if (hash != null && right.containsKey(fingerprint)) {
      return CompletableFuture.completedFuture(Verdict.GRANTED);
    }
    CompletableFuture<Verdict> verdict = new CompletableFuture<>();
    queue(
        new Attempt(
            client, password, hash == null ? mostExpensive(users) : hash, fingerprint, verdict));
    return verdict;
  }

  private void queue(Attempt attempt) {
    forgetCancelled();
    Attempt now = checked;
    if (waiting.stream().anyMatch(each -> each.client().equals(attempt.client()))
        || (now != null && now.client().equals(attempt.client()))) {
      attempt.verdict().complete(Verdict.BUSY);
      return;
    }
    waiting.add(attempt);
    if (waiting.size() > MOST_WAITING) {
      Attempt last = Collections.max(waiting.reversed(), order);
      waiting.remove(last);
      last.verdict().complete(Verdict.BUSY);
    }
    notifyAll();
    if (!isChecking) {
      isChecking = true;
      Thread.ofPlatform().daemon().name("portpool-password").start(this::checkAll);
    }
  }

  private void forgetCancelled() {
    waiting.removeIf(each -> each.verdict().isDone());
  }

  /** On a thread that is there while there is something to check. */
  private void checkAll() {
    for (Attempt next = next(); next != null; next = next()) {
      long start = System.nanoTime();
      boolean matches = false;
      try {
        matches = work.matches(next.password(), next.hash());
      } finally {
        decide(next, matches && !next.fingerprint().isEmpty(), System.nanoTime() - start);
      }
    }
  }

  /** Waits for whose turn it is; null when nobody is there. */
  private synchronized @Nullable Attempt next() {
    try {
      for (forgetCancelled(); !waiting.isEmpty(); forgetCancelled()) {
        Attempt first = Collections.min(waiting, order);
        long rest = restUntil - System.nanoTime();
        if (!wrong.containsKey(first.network())) {
          rest -= STRANGERS * REST * lastNanos;
        }
        if (rest <= 0) {
          waiting.remove(first);
          checked = first;
          return first;
        }
        TimeUnit.NANOSECONDS.timedWait(this, rest);
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    isChecking = false;
    return null;
  }

  private synchronized void decide(Attempt attempt, boolean isRight, long nanos) {
    checked = null;
    if (isRight) {
      right.put(attempt.fingerprint(), true);
      wrong.remove(attempt.client());
    } else {
      wrong.merge(attempt.network(), 1, Integer::sum);
      wrong.merge(attempt.client(), 1, Integer::sum);
      lastNanos = nanos;
      restUntil = Math.max(restUntil, System.nanoTime()) + REST * nanos;
    }
    attempt.verdict().complete(isRight ? Verdict.GRANTED : Verdict.REFUSED);
  }

  /** The hash that takes longest; the cost comes first in it. */
  private static String mostExpensive(Map<String, String> users) {
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

  /** The latest entries of a map. */
  private static final class Latest<K, V> extends LinkedHashMap<K, V> {
    private static final long serialVersionUID = 1;

    private final int most;

    Latest(int most) {
      this.most = most;
    }

    @Override
    protected boolean removeEldestEntry(Map.Entry<K, V> eldest) {
      return size() > most;
    }
  }
}
