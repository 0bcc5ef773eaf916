import io.github.portpool.export.micrometer.PortPoolMetrics;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;

/** Prints the milliseconds until the registry is there, and until it has the first value. */
public class FirstValue {
  public static void main(String[] arguments) {
    long start = System.nanoTime();
    SimpleMeterRegistry registry = new SimpleMeterRegistry();
    long bare = System.nanoTime();
    try (PortPoolMetrics metrics = new PortPoolMetrics()) {
      metrics.bindTo(registry);
      double capacity = registry.get("portpool.capacity").gauge().value();
      long end = System.nanoTime();
      if (Double.isNaN(capacity)) {
        throw new IllegalStateException("there is no value");
      }
      System.out.printf("%.2f %.2f%n", (bare - start) / 1e6, (end - start) / 1e6);
    }
  }
}
