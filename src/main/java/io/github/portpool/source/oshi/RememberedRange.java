package io.github.portpool.source.oshi;

import io.github.portpool.table.EphemeralPorts;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;
import java.util.function.Supplier;

/**
 * An ephemeral range that is asked for once a minute at most, because the system's answer is
 * expensive.
 *
 * <p>When the system stops answering, the range that it told last stays.
 */
final class RememberedRange implements HostSettings {
  static final long MINUTE_NANOS = TimeUnit.MINUTES.toNanos(1);

  private final Supplier<Optional<EphemeralPorts>> system;
  private final LongSupplier nanoTime;
  private Optional<EphemeralPorts> range = Optional.empty();
  private long due;

  RememberedRange(Supplier<Optional<EphemeralPorts>> system, LongSupplier nanoTime) {
    this.system = system;
    this.nanoTime = nanoTime;
    this.due = nanoTime.getAsLong();
  }

  @Override
  public Optional<EphemeralPorts> range() {
    long now = nanoTime.getAsLong();
    if (now - due >= 0) {
      due = now + MINUTE_NANOS;
      range = system.get().or(() -> range);
    }
    return range;
  }
}
