package io.github.portpool.export.web.config;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.portpool.export.web.config.BasicAuth.Verdict;
import java.net.InetAddress;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Passwords, with hashes that crypt(3) of libxcrypt has made. */
class PasswordsTest {
  private static final String HORSE =
      "$2y$05$abcdefghijklmnopqrstuuHNbAKRhpaujgo33bRWs.NLUTJO3lOy2";
  private static final String DEAR_HORSE =
      "$2b$10$abcdefghijklmnopqrstuu23JPZtHcGhwXSF41f93o/7vBdDut3Xu";

  private static final InetAddress CLIENT = InetAddress.getLoopbackAddress();

  private final Passwords passwords = new Passwords();

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

  /** In one run, and against the dearest of the hashes: an unknown user costs no less. */
  @Test
  void anUnknownUserTakesAsLongAsAWrongPassword() throws Exception {
    Map<String, String> users = Map.of("alice", DEAR_HORSE, "bob", HORSE);
    long known = Long.MAX_VALUE;
    long unknown = Long.MAX_VALUE;
    for (int i = 0; i < 5; i++) {
      known = Math.min(known, nanos(() -> passwords.check(users, CLIENT, "alice", "wrong")));
      unknown = Math.min(unknown, nanos(() -> passwords.check(users, CLIENT, "carol", "wrong")));
    }
    double ratio = (double) unknown / known;
    assertTrue(ratio > 0.5 && ratio < 2, "it takes " + ratio + " of a wrong password's time");
  }

  private static long nanos(Callable<Verdict> check) throws Exception {
    long start = System.nanoTime();
    assertEquals(Verdict.REFUSED, check.call());
    return System.nanoTime() - start;
  }

  @Test
  void aCrowdOfGuessersIsSentAwayAndWhoIsKnownIsNot() throws Exception {
    Map<String, String> users = Map.of("alice", DEAR_HORSE);
    assertEquals(Verdict.GRANTED, passwords.check(users, CLIENT, "alice", "correct horse"));
    try (ExecutorService crowd = Executors.newVirtualThreadPerTaskExecutor()) {
      List<Future<Verdict>> guesses = new ArrayList<>();
      for (int i = 0; i < 200; i++) {
        InetAddress guesser = InetAddress.ofLiteral("127.0.1." + i);
        guesses.add(crowd.submit(() -> passwords.check(users, guesser, "alice", "wrong")));
      }
      int busy = 0;
      for (Future<Verdict> guess : guesses) {
        busy += guess.get() == Verdict.BUSY ? 1 : 0;
        assertEquals(Verdict.GRANTED, passwords.check(users, CLIENT, "alice", "correct horse"));
      }
      assertTrue(busy > 100, busy + " were sent away");
      assertTrue(busy < 200, "nobody had a turn");
    }
  }

  /** As after a start, or when a password is new. */
  @Test
  void guessersOfOneAddressKeepNobodyElseFromTheFirstCheck() throws Exception {
    Map<String, String> users = Map.of("alice", DEAR_HORSE);
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
      InetAddress scraper = InetAddress.ofLiteral("127.0.2.1");
      assertEquals(Verdict.GRANTED, passwords.check(users, scraper, "alice", "correct horse"));
      over.set(true);
      for (Future<?> guesser : guessers) {
        guesser.get();
      }
    }
  }
}
