package io.github.portpool.export.micrometer;

import io.github.portpool.sample.Bounds;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Tag;
import io.micrometer.core.instrument.Tags;
import io.micrometer.core.instrument.binder.MeterBinder;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Binds the port pool of the network namespace that this process runs in to registries of
 * Micrometer.
 *
 * <p>Whoever reads one of its gauges when the last sample is older than five seconds has a new one
 * taken and waits for it, a second at most; all readers share it. Samples are taken on a daemon
 * thread, {@code portpool-sampler}, which starts when the meters are bound, with a first one. What
 * could not be read is NaN before the first good sample, and afterwards what the last good sample
 * found: {@code portpool.sample.errors} counts the failures, {@code portpool.sample.timestamp}
 * shows the age. Reading a gauge never throws.
 *
 * <p>In Prometheus the metrics have the agent's names, so that an application which exposes the
 * agent's own collector as well must not bind them. One instance serves any number of registries.
 * Thread-safe.
 */
@SuppressWarnings(
    "exports") // who has no Micrometer must not require it, and who has does so anyway
public final class PortPoolMetrics implements MeterBinder, AutoCloseable {
  private final Tags tags;
  private final Supplier<PoolSampling> start;
  private final Map<MeterRegistry, PoolMeters> bound = new HashMap<>();
  private @Nullable PoolSampling sampling;
  private boolean closed;

  /** Meters of samples that are taken on demand, the ten worst destinations and owners named. */
  public PortPoolMetrics() {
    this(builder());
  }

  private PortPoolMetrics(Builder builder) {
    tags = builder.tags;
    start =
        () ->
            new PoolSampling(
                builder.interval,
                builder.background,
                new Bounds(builder.destinations, builder.owners, 0, 0),
                this::refresh);
  }

  /** Meters of another kind than those of {@link #PortPoolMetrics()}. */
  public static Builder builder() {
    return new Builder();
  }

  /**
   * Adds the meters to a registry; a registry that has them keeps them as they are.
   *
   * @throws IllegalStateException after {@link #close}
   */
  @Override
  public void bindTo(MeterRegistry registry) {
    synchronized (bound) {
      if (closed) {
        throw new IllegalStateException("closed: make a new PortPoolMetrics");
      }
      if (!bound.containsKey(registry)) {
        PoolSampling running = sampling == null ? start.get() : sampling;
        sampling = running;
        PoolMeters meters = new PoolMeters(registry, tags, running);
        bound.put(registry, meters);
        meters.refresh(running.last());
      }
    }
  }

  private void refresh(PoolSample sample) {
    synchronized (bound) {
      bound.values().forEach(meters -> meters.refresh(sample));
    }
  }

  /**
   * Removes the meters from every registry that they were added to, ends the thread after the
   * sample that it may be taking, and closes what it holds open. Closing twice does nothing.
   */
  @Override
  public void close() {
    PoolSampling running;
    synchronized (bound) {
      closed = true;
      bound.values().forEach(PoolMeters::remove);
      bound.clear();
      running = sampling;
    }
    if (running != null) {
      running.close();
    }
  }

  /** How the meters of a {@link PortPoolMetrics} are made. For one thread. */
  public static final class Builder {
    private static final Duration SHORTEST = Duration.ofMillis(100);
    private static final Duration LONGEST = Duration.ofHours(1);

    private Duration interval = Duration.ofSeconds(5);
    private boolean background;
    private int destinations = 10;
    private int owners = 10;
    private Tags tags = Tags.empty();

    private Builder() {}

    /**
     * Sets the time between two samples: 5 seconds if it is not called. They come less often where
     * they would take more than 5 % of one core.
     *
     * @param interval from 100 milliseconds to an hour
     * @throws IllegalArgumentException when it is another
     */
    public Builder interval(Duration interval) {
      if (interval.compareTo(SHORTEST) < 0 || interval.compareTo(LONGEST) > 0) {
        throw new IllegalArgumentException("an interval must be from 100ms to 1h");
      }
      this.interval = interval;
      return this;
    }

    /**
     * Takes samples all the time, whether somebody reads the gauges or not, so that {@code
     * portpool.worst.destination.peak.used} sees what happens between two scrapes.
     */
    public Builder background() {
      background = true;
      return this;
    }

    /**
     * Sets how many destinations of each protocol are named, the worst: 10 if it is not called.
     *
     * @param most 0 to 1000
     * @throws IllegalArgumentException when it is another
     */
    public Builder destinations(int most) {
      destinations = named(most);
      return this;
    }

    /**
     * Sets how many control groups of each protocol are named, those with the most ports: 10 if it
     * is not called.
     *
     * @param most 0 to 1000
     * @throws IllegalArgumentException when it is another
     */
    public Builder owners(int most) {
      owners = named(most);
      return this;
    }

    /** Sets the tags of all meters, besides their own: none if it is not called. */
    public Builder tags(Iterable<Tag> tags) {
      this.tags = Tags.of(tags);
      return this;
    }

    /** Makes the meters; {@link PortPoolMetrics#bindTo} adds them to a registry. */
    public PortPoolMetrics build() {
      return new PortPoolMetrics(this);
    }

    private static int named(int most) {
      if (most < 0 || most > Bounds.MOST) {
        throw new IllegalArgumentException("0 to " + Bounds.MOST + " can be named, not " + most);
      }
      return most;
    }
  }
}
