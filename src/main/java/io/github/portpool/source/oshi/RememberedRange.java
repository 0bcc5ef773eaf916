package io.github.portpool.source.oshi;

import io.github.portpool.table.EphemeralRange;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;
import java.util.function.Supplier;

/**
 * A live range that is asked for once a minute at most, because the system's answer is dear.
 *
 * <p>When the system stops answering, the range that it told last stays.
 */
final class RememberedRange implements HostSettings {
  static final long MINUTE_NANOS = TimeUnit.MINUTES.toNanos(1);

  private final Supplier<Optional<EphemeralRange>> system;
  private final LongSupplier nanoTime;
  private Optional<EphemeralRange> range = Optional.empty();
  private long due;

  RememberedRange(Supplier<Optional<EphemeralRange>> system, LongSupplier nanoTime) {
    this.system = system;
    this.nanoTime = nanoTime;
    this.due = nanoTime.getAsLong();
  }

  @Override
  public Optional<EphemeralRange> range() {
    long now = nanoTime.getAsLong();
    if (now - due >= 0) {
      due = now + MINUTE_NANOS;
      range = system.get().or(() -> range);
    }
    return range;
  }
}
