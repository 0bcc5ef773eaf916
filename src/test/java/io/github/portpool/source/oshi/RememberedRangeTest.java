package io.github.portpool.source.oshi;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.github.portpool.table.EphemeralPorts;
import io.github.portpool.table.PortSet;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;

class RememberedRangeTest {
  private static final Optional<EphemeralPorts> FIRST = range(1024);
  private static final Optional<EphemeralPorts> SECOND = range(2048);

  private final AtomicLong clock = new AtomicLong(Long.MAX_VALUE - 1);
  private final AtomicInteger asked = new AtomicInteger();
  private Optional<EphemeralPorts> system = FIRST;
  private final RememberedRange range =
      new RememberedRange(
          () -> {
            asked.incrementAndGet();
            return system;
          },
          clock::get);

  @Test
  void asksOnceAMinute() {
    assertEquals(FIRST, range.range());
    system = SECOND;
    clock.addAndGet(RememberedRange.MINUTE_NANOS - 1);
    assertEquals(FIRST, range.range());
    assertEquals(1, asked.get());
    clock.incrementAndGet();
    assertEquals(SECOND, range.range());
    assertEquals(2, asked.get());
  }

  @Test
  void asksOnceAMinuteWhereThereIsNoAnswerEither() {
    system = Optional.empty();
    assertEquals(Optional.empty(), range.range());
    assertEquals(Optional.empty(), range.range());
    assertEquals(1, asked.get());
    system = FIRST;
    clock.addAndGet(RememberedRange.MINUTE_NANOS);
    assertEquals(FIRST, range.range());
  }

  @Test
  void keepsTheRangeWhenTheSystemStopsAnswering() {
    assertEquals(FIRST, range.range());
    system = Optional.empty();
    clock.addAndGet(RememberedRange.MINUTE_NANOS);
    assertEquals(FIRST, range.range());
    assertEquals(2, asked.get());
  }

  private static Optional<EphemeralPorts> range(int first) {
    return Optional.of(new EphemeralPorts(first, 65_535, new PortSet()));
  }
}
