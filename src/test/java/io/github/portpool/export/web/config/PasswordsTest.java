package io.github.portpool.export.web.config;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.portpool.Await;
import io.github.portpool.export.web.config.BasicAuth.Verdict;
import java.net.InetAddress;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
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
@Timeout(300)
class PasswordsTest {
  private static final String HORSE =
      "$2y$05$abcdefghijklmnopqrstuuHNbAKRhpaujgo33bRWs.NLUTJO3lOy2";
  private static final String DEAR_HORSE =
      "$2b$10$abcdefghijklmnopqrstuu23JPZtHcGhwXSF41f93o/7vBdDut3Xu";

  private static final InetAddress CLIENT = InetAddress.getLoopbackAddress();

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
      assertEquals(Verdict.GRANTED, check(users, CLIENT, "alice", password));
      assertEquals(Verdict.REFUSED, check(users, CLIENT, "alice", password + "!"));
      assertEquals(Verdict.REFUSED, check(users, CLIENT, "bob", password));
      assertEquals(Verdict.REFUSED, check(users, CLIENT, "alice", ""));
    }
  }

  @Test
  void bytesBeyondThe72ndDoNotCount() throws Exception {
    String hash = "$2y$05$abcdefghijklmnopqrstuujf8SX2ahXLwp9w/B.Y5XdysS6yR576q";
    Map<String, String> users = Map.of("alice", hash);
    assertEquals(Verdict.GRANTED, check(users, CLIENT, "alice", "x".repeat(72)));
    assertEquals(Verdict.GRANTED, check(users, CLIENT, "alice", "x".repeat(99)));
    assertEquals(Verdict.REFUSED, check(users, CLIENT, "alice", "x".repeat(71)));
  }

  @Test
  void aChangedPasswordIsForgotten() throws Exception {
    assertEquals(Verdict.GRANTED, check(Map.of("alice", HORSE), CLIENT, "alice", "correct horse"));
    String other = HORSE.replace("HNbAK", "HNbAL");
    assertEquals(Verdict.REFUSED, check(Map.of("alice", other), CLIENT, "alice", "correct horse"));
  }

  @Test
  void anUnknownUserCostsWhatAWrongPasswordOfTheDearestHashCosts() throws Exception {
    Map<String, String> users = Map.of("alice", DEAR_HORSE, "bob", HORSE);
    for (String user : List.of("alice", "carol")) {
      assertEquals(Verdict.REFUSED, check(users, CLIENT, user, "wrong"));
    }
    assertEquals(List.of(DEAR_HORSE, DEAR_HORSE), work.turns.stream().map(Turn::hash).toList());
  }

  /** So the checks take a fifth of a core at most. */
  @Test
  void aWrongPasswordIsFollowedByARestOfFourTimesItsCheck() throws Exception {
    Map<String, String> users = Map.of("alice", HORSE);
    for (int i = 0; i < 5; i++) {
      assertEquals(Verdict.REFUSED, check(users, CLIENT, "alice", "wrong"));
    }
    for (int i = 1; i < work.turns.size(); i++) {
      Turn before = work.turns.get(i - 1);
      long rest = work.turns.get(i).start() - before.end();
      assertTrue(rest >= 4 * (before.end() - before.start()), "turn " + i);
    }
  }

  @ParameterizedTest
  @CsvSource({
    "192.0.2.%d, 198.51.100.1",
    "2001:db8::%x, 198.51.100.1",
    "2001:db8::%x, 2001:db8::ffff",
    "2001:db8:0:%x::1, 2001:db8:1::1"
  })
  void aScraperComesBeforeAllGuessers(String guesser, String scraper) throws Exception {
    Map<String, String> users = Map.of("alice", HORSE);
    AtomicBoolean over = new AtomicBoolean();
    List<Future<?>> guessers = new ArrayList<>();
    try (ExecutorService crowd = Executors.newVirtualThreadPerTaskExecutor()) {
      for (int i = 1; i <= 40; i++) {
        InetAddress address = InetAddress.ofLiteral(guesser.formatted(i));
        guessers.add(
            crowd.submit(() -> {
              while (!over.get()) {
                if (check(users, address, "alice", "wrong") == Verdict.BUSY) {
                  Thread.sleep(20); // or 40 that ask again at once keep the checks from the CPU
                }
              }
              return null;
            }));
      }
      Await.until("each has been wrong", () -> work.turns.size() >= 60);
      work.gate = new CountDownLatch(1);
      int waiting = work.turns.size();
      Await.until("one is being checked", () -> work.begun.get() > waiting);
      CompletableFuture<Verdict> right =
          passwords.check(users, InetAddress.ofLiteral(scraper), "alice", "correct horse");
      work.gate.countDown();
      assertEquals(Verdict.GRANTED, right.get());
      int turn = work.passwords().indexOf("correct horse");
      assertEquals(waiting + 1, turn, "it was not the next one");
      over.set(true);
      for (Future<?> each : guessers) {
        each.get();
      }
    }
  }

  @Test
  void aCrowdOfGuessersIsSentAwayAndWhoIsKnownIsNot() throws Exception {
    Map<String, String> users = Map.of("alice", HORSE);
    assertEquals(Verdict.GRANTED, check(users, CLIENT, "alice", "correct horse"));
    work.gate = new CountDownLatch(1); // the first guess is being checked until it opens
    List<CompletableFuture<Verdict>> guesses = new ArrayList<>();
    for (int i = 0; i < 200; i++) {
      guesses.add(passwords.check(users, InetAddress.ofLiteral("127.0.1." + i), "alice", "wrong"));
    }
    assertTrue(guesses.stream().filter(CompletableFuture::isDone).count() >= 150);
    assertEquals(Verdict.GRANTED, check(users, CLIENT, "alice", "correct horse"));
    work.gate.countDown();
    int checked = 0;
    for (CompletableFuture<Verdict> guess : guesses) {
      checked += guess.get() == Verdict.REFUSED ? 1 : 0;
    }
    assertEquals(1 + checked, work.turns.size());
  }

  @Test
  void whoIsGoneIsNotChecked() throws Exception {
    Map<String, String> users = Map.of("alice", HORSE);
    work.gate = new CountDownLatch(1);
    CompletableFuture<Verdict> first = passwords.check(users, CLIENT, "alice", "wrong");
    InetAddress other = InetAddress.ofLiteral("127.0.1.1");
    passwords.check(users, other, "alice", "wrong").cancel(false);
    work.gate.countDown();
    assertEquals(Verdict.REFUSED, first.get());
    assertEquals(Verdict.GRANTED, check(users, CLIENT, "alice", "correct horse"));
    assertEquals(List.of("wrong", "correct horse"), work.passwords());
  }

  private Verdict check(Map<String, String> users, InetAddress client, String user, String password)
      throws Exception {
    return passwords.check(users, client, user, password).get();
  }

  /** When a password was checked. */
  private record Turn(String password, String hash, long start, long end) {}

  /** Real checks. */
  private static final class CountedWork implements Passwords.Work {
    final List<Turn> turns = new CopyOnWriteArrayList<>();
    final AtomicInteger begun = new AtomicInteger();
    volatile CountDownLatch gate = new CountDownLatch(0);

    List<String> passwords() {
      return turns.stream().map(Turn::password).toList();
    }

    @Override
    public boolean matches(String password, String hash) {
      begun.incrementAndGet();
      try {
        gate.await();
      } catch (InterruptedException e) {
        throw new IllegalStateException(e);
      }
      long start = System.nanoTime();
      boolean matches = Passwords.Work.super.matches(password, hash);
      turns.add(new Turn(password, hash, start, System.nanoTime()));
      return matches;
    }
  }
}
