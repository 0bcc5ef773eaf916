import io.github.portpool.PortPool;
import io.github.portpool.export.micrometer.PortPoolMetrics;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.io.IOException;

/** Looks at a system that does not let it. */
public class Unreadable {
  public static void main(String[] arguments) {
    try {
      PortPool.sample();
    } catch (IOException e) {
      System.out.println(e.getMessage());
    }
    SimpleMeterRegistry registry = new SimpleMeterRegistry();
    try (PortPoolMetrics metrics = new PortPoolMetrics()) {
      metrics.bindTo(registry);
      System.out.println("capacity: " + registry.get("portpool.capacity").gauge().value());
      System.out.println("success: " + registry.get("portpool.sample.success").gauge().value());
      System.out.println(
          "errors: "
              + registry.get("portpool.sample.errors").tag("reason", "socket").functionCounter().count());
      SimpleMeterRegistry another = new SimpleMeterRegistry();
      metrics.bindTo(another);
      System.out.println("later: " + another.get("portpool.capacity").gauge().value());
    }
  }
}
