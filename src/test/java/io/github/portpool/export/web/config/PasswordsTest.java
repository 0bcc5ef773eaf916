package io.github.portpool.export.web.config;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.github.portpool.export.web.config.BasicAuth.Verdict;
import java.net.InetAddress;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Passwords, with hashes that crypt(3) of libxcrypt has made. */
@Timeout(120)
class PasswordsTest {
  private static final String HORSE =
      "$2y$05$abcdefghijklmnopqrstuuHNbAKRhpaujgo33bRWs.NLUTJO3lOy2";
  private static final String DEAR_HORSE =
      "$2b$10$abcdefghijklmnopqrstuu23JPZtHcGhwXSF41f93o/7vBdDut3Xu";

  private static final InetAddress CLIENT = InetAddress.getLoopbackAddress();

  private static final long CHECK_NANOS = 1000;

  private final CountedWork work = new CountedWork();
  private final Passwords passwords = new Passwords(work);

  @ParameterizedTest
  @CsvSource({
    "correct horse, " + HORSE,
    "correct horse, " + DEAR_HORSE,
    "päss:wörd, $2a$05$zyxwvutsrqponmlkjihgfeMQ961MUZ4W32XsbO.QR6mKNbTcPW5fC",
  })
  void whatAnotherProgramHashedIsRight(String password, String hash) throws Exception {
    Map<String, String> users = Map.of("alice", hash);
    for (int i = 0; i < 2; i++) {
      assertEquals(Verdict.GRANTED, passwords.check(users, CLIENT, "alice", password));
      assertEquals(Verdict.REFUSED, passwords.check(users, CLIENT, "alice", password + "!"));
      assertEquals(Verdict.REFUSED, passwords.check(users, CLIENT, "bob", password));
      assertEquals(Verdict.REFUSED, passwords.check(users, CLIENT, "alice", ""));
    }
  }

  @Test
  void bytesBeyondThe72ndDoNotCount() throws Exception {
    String hash = "$2y$05$abcdefghijklmnopqrstuujf8SX2ahXLwp9w/B.Y5XdysS6yR576q";
    Map<String, String> users = Map.of("alice", hash);
    assertEquals(Verdict.GRANTED, passwords.check(users, CLIENT, "alice", "x".repeat(72)));
    assertEquals(Verdict.GRANTED, passwords.check(users, CLIENT, "alice", "x".repeat(99)));
    assertEquals(Verdict.REFUSED, passwords.check(users, CLIENT, "alice", "x".repeat(71)));
  }

  @Test
  void aChangedPasswordIsForgotten() throws Exception {
    assertEquals(
        Verdict.GRANTED, passwords.check(Map.of("alice", HORSE), CLIENT, "alice", "correct horse"));
    String other = HORSE.replace("HNbAK", "HNbAL");
    assertEquals(
        Verdict.REFUSED, passwords.check(Map.of("alice", other), CLIENT, "alice", "correct horse"));
  }

  @Test
  void anUnknownUserCostsWhatAWrongPasswordOfTheDearestHashCosts() throws Exception {
    Map<String, String> users = Map.of("alice", DEAR_HORSE, "bob", HORSE);
    for (String user : List.of("alice", "carol")) {
      assertEquals(Verdict.REFUSED, passwords.check(users, CLIENT, user, "wrong"));
    }
    assertEquals(List.of(DEAR_HORSE, DEAR_HORSE), work.checked);
    assertEquals(2, work.rests.size());
  }

  /** So the checks take a fifth of a core at most. */
  @Test
  void aWrongPasswordIsFollowedByARestOfFourTimesItsCheck() throws Exception {
    Map<String, String> users = Map.of("alice", HORSE);
    assertEquals(Verdict.REFUSED, passwords.check(users, CLIENT, "alice", "wrong"));
    assertEquals(List.of(4 * CHECK_NANOS), work.rests);
    assertEquals(Verdict.GRANTED, passwords.check(users, CLIENT, "alice", "correct horse"));
    assertEquals(List.of(4 * CHECK_NANOS), work.rests);
  }

  @Test
  void aCrowdOfGuessersIsSentAwayAndWhoIsKnownIsNot() throws Exception {
    Map<String, String> users = Map.of("alice", DEAR_HORSE);
    assertEquals(Verdict.GRANTED, passwords.check(users, CLIENT, "alice", "correct horse"));
    work.gate = new CountDownLatch(1); // the first guess is being checked until it opens
    AtomicInteger sentAway = new AtomicInteger();
    try (ExecutorService crowd = Executors.newVirtualThreadPerTaskExecutor()) {
      List<Future<Verdict>> guesses = new ArrayList<>();
      for (int i = 0; i < 200; i++) {
        InetAddress guesser = InetAddress.ofLiteral("127.0.1." + i);
        guesses.add(
            crowd.submit(() -> {
              Verdict verdict = passwords.check(users, guesser, "alice", "wrong");
              sentAway.addAndGet(verdict == Verdict.BUSY ? 1 : 0);
              return verdict;
            }));
      }
      while (sentAway.get() < 150) {
        Thread.sleep(1);
      }
      assertEquals(Verdict.GRANTED, passwords.check(users, CLIENT, "alice", "correct horse"));
      work.gate.countDown();
      int checked = 0;
      for (Future<Verdict> guess : guesses) {
        checked += guess.get() == Verdict.REFUSED ? 1 : 0;
      }
      assertEquals(200, sentAway.get() + checked);
      assertEquals(1 + checked, work.checked.size());
      assertEquals(checked, work.rests.size());
    }
  }

  /** As after a start, or when a password is new. */
  @Test
  void guessersOfOneAddressKeepNobodyElseFromTheFirstCheck() throws Exception {
    Map<String, String> users = Map.of("alice", HORSE);
    AtomicBoolean over = new AtomicBoolean();
    List<Future<?>> guessers = new ArrayList<>();
    try (ExecutorService crowd = Executors.newVirtualThreadPerTaskExecutor()) {
      for (int i = 0; i < 50; i++) {
        guessers.add(
            crowd.submit(() -> {
              while (!over.get()) {
                passwords.check(users, CLIENT, "alice", "wrong");
                Thread.sleep(1);
              }
              return null;
            }));
      }
      while (work.checked.isEmpty()) {
        Thread.sleep(1);
      }
      InetAddress scraper = InetAddress.ofLiteral("127.0.2.1");
      assertEquals(Verdict.GRANTED, passwords.check(users, scraper, "alice", "correct horse"));
      over.set(true);
      for (Future<?> guesser : guessers) {
        guesser.get();
      }
    }
  }

  /**
   * Real checks, and a clock by which each takes as long; what a rest is long, nobody waits for.
   */
  private static final class CountedWork implements Passwords.Work {
    final List<String> checked = new CopyOnWriteArrayList<>();
    final List<Long> rests = new CopyOnWriteArrayList<>();
    volatile CountDownLatch gate = new CountDownLatch(0);

    @Override
    public boolean matches(String password, String hash) {
      checked.add(hash);
      try {
        gate.await();
      } catch (InterruptedException e) {
        throw new IllegalStateException(e);
      }
      return Passwords.Work.super.matches(password, hash);
    }

    @Override
    public long nanoTime() {
      return checked.size() * CHECK_NANOS;
    }

    @Override
    public void rest(long nanos) {
      rests.add(nanos);
    }
  }
}
