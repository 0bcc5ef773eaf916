package io.github.portpool.sample;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.portpool.snapshot.Protocol;
import io.github.portpool.snapshot.Snapshot;
import io.github.portpool.source.OwnerSource;
import io.github.portpool.source.SourceException;
import io.github.portpool.source.SourceException.Reason;
import java.lang.management.ManagementFactory;
import java.lang.management.ThreadMXBean;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;
import java.util.logging.Handler;
import java.util.logging.LogRecord;
import java.util.logging.Logger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(300)
class SamplerTest {
  private static final CpuBudget PLENTY = new CpuBudget(1000);
  private static final Logger LOGGER = Logger.getLogger(Sampler.class.getName());

  private final List<String> logged = new CopyOnWriteArrayList<>();
  private final List<String> declared = new CopyOnWriteArrayList<>();
  private final Handler handler =
      new Handler() {
        @Override
        public void publish(LogRecord record) {
          boolean declares = record.getMessage().startsWith("not available");
          (declares ? declared : logged).add(record.getLevel() + " " + record.getMessage());
        }

        @Override
        public void flush() {}

        @Override
        public void close() {}
      };

  @BeforeEach
  void listen() {
    LOGGER.setUseParentHandlers(false);
    LOGGER.addHandler(handler);
  }

  @AfterEach
  void stopListening() {
    LOGGER.removeHandler(handler);
    LOGGER.setUseParentHandlers(true);
  }

  @Test
  void publishesWhatAPassFound() {
    Sampler sampler = sampler((sink, pass) -> ScriptedSource.connections(sink, 10 * pass));
    assertNull(sampler.report().lastGood());
    assertFalse(sampler.report().success());
    assertEquals(Reason.values().length, sampler.report().errors().size());

    SampleReport report = sampler.sample();
    assertSame(report, sampler.report());
    assertTrue(report.success());
    assertEquals("", report.message());
    Snapshot snapshot = good(report);
    assertEquals("host", snapshot.netns());
    assertEquals(1000, snapshot.range().capacity());
    assertEquals(10, snapshot.sockets());
    assertEquals(0, snapshot.untrackedSockets());
    assertEquals(10, snapshot.pool(Protocol.TCP).worst().used());
    assertEquals(0, snapshot.pool(Protocol.UDP).worst().used());

    Snapshot next = good(sampler.sample());
    assertEquals(20, next.pool(Protocol.TCP).worst().used());
    assertEquals(10, snapshot.pool(Protocol.TCP).worst().used());
    assertTrue(logged.isEmpty());
  }

  @Test
  void remembersThePeak() {
    Sampler sampler =
        sampler((sink, pass) -> ScriptedSource.connections(sink, pass == 1 ? 50 : 10));
    sampler.sample();
    Snapshot snapshot = good(sampler.sample());
    assertEquals(10, snapshot.pool(Protocol.TCP).worst().used());
    assertEquals(50, snapshot.worstUsedPeaks().get(Protocol.TCP));
    assertEquals(0, snapshot.worstUsedPeaks().get(Protocol.UDP));
  }

  @Test
  void aFailureLeavesTheLastGoodSnapshot() {
    Sampler sampler =
        sampler((sink, pass) -> {
          ScriptedSource.connections(sink, pass);
          if (pass == 2) {
            throw new SourceException(Reason.TIMEOUT, "the kernel does not answer");
          }
        });
    Snapshot first = good(sampler.sample());
    SampleReport failed = sampler.sample();
    assertFalse(failed.success());
    assertEquals("the kernel does not answer", failed.message());
    assertSame(first, failed.lastGood());
    assertEquals(1, first.sockets());
    assertEquals(1, failed.errors().get("timeout"));
    assertEquals(0, failed.errors().get("refused"));

    SampleReport again = sampler.sample();
    assertTrue(again.success());
    assertEquals(3, good(again).sockets());
    assertEquals(1, again.errors().get("timeout"));
  }

  @Test
  void aFailureBeforeAnySuccessHasNoSnapshot() {
    Sampler sampler =
        sampler((sink, pass) -> {
          throw new SourceException(Reason.REFUSED, "no");
        });
    assertNull(sampler.sample().lastGood());
    assertEquals(1, sampler.report().errors().get("refused"));
  }

  @Test
  void logsAnErrorWhenItChanges() {
    List<String> outcomes =
        List.of("", "one 1", "one 2", "one 3", "two", "one 4", "", "", "two", "");
    Sampler sampler =
        sampler((sink, pass) -> {
          String outcome = outcomes.get(pass - 1);
          if (!outcome.isEmpty()) {
            throw new SourceException(Reason.SOCKET, outcome);
          }
          ScriptedSource.connections(sink, 1);
        });
    outcomes.forEach(outcome -> sampler.sample());
    assertEquals(
        List.of(
            "WARNING no sample: one 1",
            "WARNING no sample: two",
            "WARNING no sample: one 4",
            "INFO sampling works again",
            "WARNING no sample: two",
            "INFO sampling works again"),
        logged);
    assertEquals(6, sampler.report().errors().get("socket"));
  }

  @Test
  void declaresOnceWhatItCannotSee() {
    Sampler sampler = sampler((sink, pass) -> ScriptedSource.connections(sink, 1));
    assertTrue(declared.isEmpty());
    sampler.sample();
    sampler.sample();
    assertEquals(1, declared.size(), declared.toString());
    sampler
        .report()
        .unavailable()
        .keySet()
        .forEach(feature ->
            assertTrue(
                declared.getFirst().contains(" " + feature.label() + ": "), declared::toString));
  }

  @Test
  void aDefectDoesNotEndTheThread() {
    Sampler sampler =
        sampler(
            Duration.ofMillis(1),
            PLENTY,
            new ScriptedSource((sink, pass) -> {
              switch (pass) {
                case 1 -> throw new IllegalStateException("a defect");
                case 2 -> throw new StackOverflowError();
                case 3 -> throw new OutOfMemoryError("no more");
                default -> ScriptedSource.connections(sink, pass);
              }
            }));
    sampler.start();
    try {
      await(() -> sampler.report().success());
    } finally {
      sampler.close();
    }
    assertEquals(3, sampler.report().errors().get("internal"));
    assertEquals(4, logged.size());
    assertTrue(logged.getFirst().contains("a defect"), logged.getFirst());
  }

  @Test
  void anExpensiveSampleMakesTheNextOneWait() throws InterruptedException {
    ScriptedSource source =
        new ScriptedSource((sink, pass) -> {
          burn(Duration.ofMillis(50));
          ScriptedSource.connections(sink, 1);
        });
    Sampler sampler = sampler(Duration.ofMillis(10), new CpuBudget(0.01), source);
    sampler.start();
    try {
      await(() -> sampler.report().success());
      SampleReport report = sampler.report();
      assertTrue(report.intervalSeconds() >= 4.5, report.toString());
      // The walks over the rest of the host have budgets of their own.
      assertTrue(report.intervalSeconds() <= report.cpuSecondsTotal() / 0.01, report.toString());
      assertTrue(report.host().durationSeconds() >= 0.049, report.toString());
      Thread.sleep(300);
      assertEquals(1, source.passes.get());
    } finally {
      sampler.close();
    }
  }

  @Test
  void cheapSamplesComeAtTheIntervalThatIsWanted() {
    ScriptedSource source = new ScriptedSource((sink, pass) -> ScriptedSource.connections(sink, 1));
    Sampler sampler = sampler(Duration.ofMillis(20), PLENTY, source);
    long start = System.nanoTime();
    sampler.start();
    try {
      await(() -> source.passes.get() >= 11);
    } finally {
      sampler.close();
    }
    assertTrue(System.nanoTime() - start >= Duration.ofMillis(200).toNanos());
    assertEquals(0.02, sampler.report().intervalSeconds(), 1e-9);
  }

  @Test
  void closeEndsTheThreadDuringALongWait() {
    ScriptedSource source = new ScriptedSource((sink, pass) -> ScriptedSource.connections(sink, 1));
    Sampler sampler = sampler(Duration.ofHours(1), PLENTY, source);
    sampler.start();
    await(() -> sampler.report().success());
    sampler.close();
    assertFalse(source.reader.isAlive());
    assertEquals("portpool-sampler", source.reader.getName());
    assertTrue(source.reader.isDaemon());
  }

  @Test
  void closeWorksWithoutStart() {
    sampler((sink, pass) -> ScriptedSource.connections(sink, 1)).close();
  }

  private static Snapshot good(SampleReport report) {
    Snapshot snapshot = report.lastGood();
    assertNotNull(snapshot);
    return snapshot;
  }

  private static Sampler sampler(ScriptedSource.Pass pass) {
    return sampler(Duration.ofSeconds(5), PLENTY, new ScriptedSource(pass));
  }

  private static Sampler sampler(Duration interval, CpuBudget budget, ScriptedSource source) {
    return new Sampler(
        HostSources.of(source),
        new Sampler.Options(interval, budget, new Bounds(10, 10, 10, 0)),
        SampleWatch.NOBODY,
        OwnerSource.none("not here"));
  }

  private static void await(BooleanSupplier condition) {
    while (!condition.getAsBoolean()) {
      LockSupport.parkNanos(1_000_000);
    }
  }

  private static void burn(Duration cpu) {
    ThreadMXBean threads = ManagementFactory.getThreadMXBean();
    long end = threads.getCurrentThreadCpuTime() + cpu.toNanos();
    while (threads.getCurrentThreadCpuTime() < end) {
      Thread.onSpinWait();
    }
  }
}
