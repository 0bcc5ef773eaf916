import io.github.portpool.PortPool;
import io.github.portpool.export.micrometer.PortPoolMetrics;
import io.github.portpool.snapshot.Protocol;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.net.BindException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/** Uses its pool up, and says what it sees of that in two registries and by a sample. */
public class Exhausted {
  private static final Duration OFTEN = Duration.ofMillis(100);

  public static void main(String[] arguments) throws Exception {
    MeterRegistry first = new SimpleMeterRegistry();
    MeterRegistry second = new SimpleMeterRegistry();
    int threads = Thread.activeCount();
    PortPoolMetrics metrics = PortPoolMetrics.builder().interval(OFTEN).build();
    System.out.println("new threads: " + (Thread.activeCount() - threads));
    metrics.bindTo(first);
    metrics.bindTo(second);
    System.out.println("free: " + free(first) + ", " + free(second));
    InetAddress loopback = InetAddress.getLoopbackAddress();
    List<SocketChannel> clients = new ArrayList<>();
    try (ServerSocketChannel server = ServerSocketChannel.open()) {
      server.bind(new InetSocketAddress(loopback, 80), 100);
      try {
        while (true) {
          SocketChannel client = SocketChannel.open();
          client.connect(server.getLocalAddress());
          clients.add(client);
        }
      } catch (BindException e) {
        System.out.println("opened: " + clients.size());
      }
      for (int attempt = 0; free(first) > 0 && attempt < 100; attempt++) {
        Thread.sleep(OFTEN);
      }
      System.out.println("free: " + free(first) + ", " + free(second));
      System.out.println(
          "toward the server: "
              + first.get("portpool.destination.free").tag("destination", "127.0.0.1:80").gauge().value());
      System.out.println(
          "sampled: " + PortPool.sample().pool(Protocol.TCP).worst().free());
    }
    metrics.close();
    System.out.println("meters: " + first.getMeters().size() + ", " + second.getMeters().size());
    System.out.println("new threads: " + (Thread.activeCount() - threads));
  }

  private static double free(MeterRegistry registry) {
    return registry.get("portpool.worst.destination.free").tag("protocol", "tcp").gauge().value();
  }
}
