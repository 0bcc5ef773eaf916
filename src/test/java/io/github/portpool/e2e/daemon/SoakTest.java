package io.github.portpool.e2e.daemon;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.portpool.MostlyWaits;
import io.github.portpool.e2e.AgentProcess;
import io.github.portpool.e2e.Http;
import io.github.portpool.e2e.Scrape;
import io.github.portpool.oracle.Netns;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.ToLongFunction;
import java.util.stream.LongStream;
import java.util.zip.GZIPInputStream;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;

/**
 * A long day in short: connections, listeners, processes and namespaces come and go, clients
 * scrape, and the agent neither grows nor misses a sample.
 *
 * <p>The first half minute is warm-up, in which classes are loaded and most code is compiled. What
 * the agent takes in the half minute after it is compared with the last one, however long that
 * lasts: {@code make soak} gives it {@code -Dportpool.soak.minutes=30}.
 */
@MostlyWaits
@Order(1)
class SoakTest {
  private static final int MINUTES = Integer.getInteger("portpool.soak.minutes", 2);
  private static final int INTERVAL_SECONDS = 3;
  private static final String TIMESTAMP = "portpool_sample_timestamp_seconds{netns=\"host\"}";
  private static final List<String> PAGES =
      List.of("/metrics", "/metrics", "/ports", "/ports/22", "/api/v1/snapshot", "/api/v1/map");
  private static final String NAMESPACE = "portpool-soak-" + ProcessHandle.current().pid();
  private static final Duration PART = Duration.ofSeconds(30);
  private static final long MORE_MEMORY = 6L << 20;
  private static final long MORE_FILES = 4;
  private static final long MORE_THREADS = 2;

  private final AtomicBoolean over = new AtomicBoolean();
  private final AtomicLong connections = new AtomicLong();
  private final AtomicLong scrapes = new AtomicLong();
  private final AtomicLong busy = new AtomicLong();

  /** What the agent takes at one moment. */
  private record Footprint(Duration age, long memory, long files, long threads, double timestamp) {}

  @Test
  void nothingGrows() throws Exception {
    try (Netns netns = Netns.create()) {
      netns.call(() -> {
        // Threads that are made here live in the namespace.
        try (ExecutorService load = Executors.newCachedThreadPool();
            AgentProcess agent =
                AgentProcess.serve(
                    "--sample.interval=" + INTERVAL_SECONDS + "s",
                    "--sample.cpu-budget=100%",
                    "--namespaces=" + NAMESPACE)) {
          try {
            soak(agent, load);
          } finally {
            over.set(true);
          }
        }
        return null;
      });
    }
  }

  private void soak(AgentProcess agent, ExecutorService load) throws Exception {
    List<Future<?>> work = new ArrayList<>();
    work.add(load.submit(again(this::connect)));
    work.add(load.submit(again(SoakTest::namespace)));
    work.add(load.submit(again(SoakTest::process)));
    for (String page : PAGES) {
      work.add(load.submit(again(() -> scrape(agent, page))));
    }
    List<Footprint> seen = new ArrayList<>();
    long begun = System.nanoTime();
    for (Duration age = Duration.ZERO;
        age.toMinutes() < MINUTES;
        age = Duration.ofNanos(System.nanoTime() - begun)) {
      seen.add(footprint(agent, age));
      Thread.sleep(500);
    }
    over.set(true);
    for (Future<?> each : work) {
      each.get(3, TimeUnit.MINUTES);
    }
    report(seen);
    assertTrue(busy.get() < scrapes.get() / 20, busy + " times busy");
    Scrape last = agent.scrape();
    List<String> errors =
        last.series().keySet().stream()
            .filter(name -> name.startsWith("portpool_sample_errors_total{"))
            .toList();
    assertFalse(errors.isEmpty());
    errors.forEach(name -> assertEquals(0, last.value(name), name));
    flat(
        "memory",
        middle(early(seen), Footprint::memory),
        middle(late(seen), Footprint::memory),
        MORE_MEMORY);
    // A namespace has some open while it is there, and each client one: what leaks stays below
    // them.
    flat(
        "files",
        fewest(early(seen), Footprint::files),
        fewest(late(seen), Footprint::files),
        MORE_FILES);
    flat(
        "threads",
        fewest(early(seen), Footprint::threads),
        fewest(late(seen), Footprint::threads),
        MORE_THREADS);
    noneMissing(seen);
    assertEquals(0, agent.stop());
  }

  private static void flat(String what, long early, long late, long more) {
    assertTrue(late <= early + more, what + " grew from " + early + " to " + late);
  }

  private static List<Footprint> early(List<Footprint> seen) {
    return between(seen, PART, PART.multipliedBy(2));
  }

  private static List<Footprint> late(List<Footprint> seen) {
    Duration end = seen.getLast().age();
    return between(seen, end.minus(PART), end);
  }

  private static List<Footprint> between(List<Footprint> seen, Duration from, Duration to) {
    return seen.stream()
        .filter(each -> each.age().compareTo(from) >= 0 && each.age().compareTo(to) <= 0)
        .toList();
  }

  private static long middle(List<Footprint> seen, ToLongFunction<Footprint> part) {
    long[] sorted = seen.stream().mapToLong(part).sorted().toArray();
    return sorted[sorted.length / 2];
  }

  private static long fewest(List<Footprint> seen, ToLongFunction<Footprint> part) {
    return seen.stream().mapToLong(part).min().orElseThrow();
  }

  /**
   * A host that is busy with other work is late for samples as it is for this test's own rounds.
   */
  private static void noneMissing(List<Footprint> seen) {
    double late = 0;
    double slowest = 0;
    for (int i = 1; i < seen.size(); i++) {
      double round = seen.get(i).age().minus(seen.get(i - 1).age()).toMillis() / 1e3;
      late += Math.max(0, round - 1);
      slowest = Math.max(slowest, round);
    }
    double[] samples = seen.stream().mapToDouble(Footprint::timestamp).distinct().toArray();
    for (int i = 1; i < samples.length; i++) {
      double gap = samples[i] - samples[i - 1];
      assertTrue(gap < 2 * INTERVAL_SECONDS + slowest, "no sample for " + gap + " s");
    }
    double wanted = (samples[samples.length - 1] - samples[0] - late) / INTERVAL_SECONDS;
    assertTrue(samples.length > 0.8 * wanted, samples.length + " samples instead of " + wanted);
  }

  private void report(List<Footprint> seen) {
    System.out.printf(
        "soak: %d min, %d connections, %d pages, %d times busy%n",
        MINUTES, connections.get(), scrapes.get(), busy.get());
    report("begin", between(seen, Duration.ZERO, PART));
    report("early", early(seen));
    report("late", late(seen));
  }

  private static void report(String when, List<Footprint> seen) {
    System.out.printf(
        "soak: %s: %.1f MB, %d files, %d threads, %d samples%n",
        when,
        middle(seen, Footprint::memory) / 1e6,
        middle(seen, Footprint::files),
        middle(seen, Footprint::threads),
        seen.stream().mapToDouble(Footprint::timestamp).distinct().count());
  }

  private static Footprint footprint(AgentProcess agent, Duration age) throws Exception {
    Path process = Path.of("/proc", String.valueOf(agent.pid()));
    try (var files = Files.list(process.resolve("fd"));
        var threads = Files.list(process.resolve("task"))) {
      long kilobytes =
          Files.readAllLines(process.resolve("status")).stream()
              .filter(line -> line.startsWith("VmRSS:"))
              .flatMapToLong(line -> LongStream.of(Long.parseLong(line.replaceAll("\\D", ""))))
              .sum();
      return new Footprint(
          age, kilobytes * 1024, files.count(), threads.count(), agent.scrape().value(TIMESTAMP));
    }
  }

  private Callable<Void> again(Callable<?> work) {
    return () -> {
      while (!over.get()) {
        work.call();
      }
      return null;
    };
  }

  /** A listener, and 50 connections to it that end in TIME_WAIT, each with a destination. */
  private Object connect() throws IOException, InterruptedException {
    long number = connections.getAndAdd(50);
    InetAddress address =
        InetAddress.getByAddress(new byte[] {127, 0, (byte) (number / 50 % 50), 1});
    try (ServerSocket listener = new ServerSocket(0, 50, address)) {
      for (int i = 0; i < 50; i++) {
        try (Socket client = new Socket(address, listener.getLocalPort());
            Socket accepted = listener.accept()) {
          assertTrue(client.isConnected() && accepted.isConnected());
        }
      }
    }
    Thread.sleep(50);
    return address;
  }

  private static Object namespace() throws Exception {
    run("ip", "netns", "add", NAMESPACE);
    Thread.sleep(700);
    run("ip", "netns", "delete", NAMESPACE);
    Thread.sleep(700);
    return NAMESPACE;
  }

  private static Object process() throws Exception {
    run("sleep", "0.1");
    return "";
  }

  private static void run(String... command) throws Exception {
    assertEquals(0, new ProcessBuilder(command).start().waitFor(), Arrays.toString(command));
  }

  private Object scrape(AgentProcess agent, String page) throws Exception {
    Http.Answer answer = agent.http().get(page, "Accept-Encoding: gzip");
    if (answer.status() == 503 && !page.equals("/metrics")) {
      busy.incrementAndGet(); // others take the CPU, and samples come first
      Thread.sleep(1000);
      return page;
    }
    assertEquals(200, answer.status(), page);
    if (answer.header("Content-Encoding").equals("gzip")) {
      try (GZIPInputStream in = new GZIPInputStream(new ByteArrayInputStream(answer.body()))) {
        assertTrue(!new String(in.readAllBytes(), StandardCharsets.UTF_8).isEmpty());
      }
    }
    scrapes.incrementAndGet();
    Thread.sleep(1000);
    return page;
  }
}
