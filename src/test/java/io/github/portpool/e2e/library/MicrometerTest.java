package io.github.portpool.e2e.library;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.portpool.Await;
import io.github.portpool.NeedsHost;
import io.github.portpool.access.OpenSources;
import io.github.portpool.access.SourceChoice;
import io.github.portpool.e2e.Golden;
import io.github.portpool.e2e.Scrape;
import io.github.portpool.e2e.SmallHost;
import io.github.portpool.export.micrometer.PortPoolMetrics;
import io.github.portpool.export.prometheus.AgentMetrics;
import io.github.portpool.export.prometheus.PoolCollector;
import io.github.portpool.metrics.AgentReport;
import io.github.portpool.sample.Bounds;
import io.github.portpool.sample.CpuBudget;
import io.github.portpool.sample.HostSources;
import io.github.portpool.sample.SampleWatch;
import io.github.portpool.sample.Sampler;
import io.github.portpool.source.Opening;
import io.github.portpool.source.conntrack.KernelConntrack;
import io.github.portpool.source.owner.HostOwners;
import io.micrometer.core.instrument.Tags;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.micrometer.prometheusmetrics.PrometheusConfig;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import io.prometheus.metrics.expositionformats.PrometheusTextFormatWriter;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** The meters of an application beside the agent's metrics. */
@NeedsHost
class MicrometerTest {
  /** What concerns other namespaces, takes rights, or names a process: the agent's alone. */
  private static final Set<String> NOT_IN_AN_APPLICATION =
      Set.of(
          "portpool_build_info",
          "portpool_namespaces",
          "portpool_range_listener_info",
          "portpool_untracked_listeners");

  private static final String VARIES =
      "portpool_(?:sample_(?:timestamp|duration|cpu|interval)|sample_errors|feature)_.*";

  @Test
  void theirNamesInPrometheusAreTheAgents() throws Exception {
    try (SmallHost host = SmallHost.create();
        PortPoolMetrics metrics = new PortPoolMetrics()) {
      Set<String> expected = new TreeSet<>(types(Files.readString(Golden.METRICS)));
      expected.removeIf(type -> NOT_IN_AN_APPLICATION.contains(type.split(" ", -1)[0]));
      // A recording has no owners.
      expected.addAll(
          Set.of("portpool_owner_used_ports gauge", "portpool_untracked_owner_sockets gauge"));
      String text = host.call(() -> scrape(metrics));
      assertEquals(expected, types(text));
    }
  }

  private static Set<String> types(String text) {
    return text.lines()
        .filter(line -> line.startsWith("# TYPE "))
        .map(line -> line.substring("# TYPE ".length()))
        .collect(Collectors.toCollection(TreeSet::new));
  }

  @Test
  void theirNumbersAreTheAgents() throws Exception {
    try (SmallHost host = SmallHost.create();
        PortPoolMetrics metrics =
            PortPoolMetrics.builder()
                .interval(Duration.ofMillis(100))
                .tags(Tags.of("netns", "host"))
                .build()) {
      Map<String, Double> own = Map.of();
      Map<String, Double> agents = Map.of("", 0.0);
      // Until nothing changes in between, such as a FIN that is acknowledged late.
      for (int attempt = 0; !own.equals(agents) && attempt < 50; attempt++) {
        pause(100);
        own = host.call(() -> series(scrape(metrics)));
        agents = host.call(() -> series(agent()));
      }
      assertEquals(agents, own);
      assertTrue(own.size() > 60, own::toString);
      assertTrue(
          own.keySet().stream().anyMatch(name -> name.startsWith("portpool_destination_free")));
    }
  }

  private static String scrape(PortPoolMetrics metrics) {
    PrometheusMeterRegistry registry = new PrometheusMeterRegistry(PrometheusConfig.DEFAULT);
    metrics.bindTo(registry);
    double capacity = registry.get("portpool.capacity").gauge().value();
    // Rows are there a moment after the first sample, one after another: owners' names take that
    // long.
    for (int attempt = 0;
        registry.find("portpool.owner.used").gauge() == null
            || registry.find("portpool.untracked.owner.sockets").gauge() == null;
        attempt++) {
      assertTrue(attempt < 1000, "no row");
      pause(10);
    }
    assertEquals(99, capacity);
    return registry.scrape();
  }

  private static void pause(long millis) {
    try {
      Thread.sleep(millis);
    } catch (InterruptedException e) {
      throw new IllegalStateException(e);
    }
  }

  /** What the agent would serve. */
  private static String agent() throws Exception {
    OpenSources.Wanted wanted =
        new OpenSources.Wanted(
            Opening.unwanted("not here"),
            HostOwners::new,
            Opening.unwanted("not here"),
            () -> KernelConntrack.open(false));
    Sampler.Options options =
        new Sampler.Options(Duration.ofSeconds(5), new CpuBudget(1), new Bounds(10, 10, 0, 0));
    try (HostSources sources = OpenSources.open(SourceChoice.LINUX, wanted);
        Sampler sampler = new Sampler(sources, options, SampleWatch.NOBODY, sources.owners())) {
      sampler.sample();
      AgentMetrics metrics =
          new AgentMetrics(new PoolCollector(() -> AgentReport.of(sampler.report())), false);
      ByteArrayOutputStream text = new ByteArrayOutputStream();
      PrometheusTextFormatWriter.create().write(text, metrics.registry().scrape());
      return text.toString(StandardCharsets.UTF_8);
    }
  }

  /**
   * The series that do not vary, with labels in the order of their names and none that is empty.
   */
  private static Map<String, Double> series(String text) {
    Map<String, Double> series = new TreeMap<>();
    Scrape.of(text)
        .series()
        .forEach((name, value) -> {
          int labels = name.indexOf('{');
          String sorted =
              labels < 0
                  ? ""
                  : Stream.of(name.substring(labels + 1, name.length() - 1).split("(?<=\"),", -1))
                      .filter(label -> !label.endsWith("=\"\""))
                      .sorted()
                      .collect(Collectors.joining(","));
          String family = labels < 0 ? name : name.substring(0, labels);
          if (!family.matches(VARIES)
              && !family.startsWith("portpool_conntrack")
              && !NOT_IN_AN_APPLICATION.contains(family)) {
            series.put(family + "{" + sorted + "}", value);
          }
        });
    return series;
  }

  @Test
  void bindingAndClosingLeavesNothing() throws Exception {
    SimpleMeterRegistry simple = new SimpleMeterRegistry();
    PrometheusMeterRegistry prometheus = new PrometheusMeterRegistry(PrometheusConfig.DEFAULT);
    cycle(simple, prometheus, false);
    long descriptors = descriptors();
    for (int cycle = 0; cycle < 1000; cycle++) {
      cycle(simple, prometheus, cycle % 2 == 0);
    }
    assertEquals(0, simple.getMeters().size());
    assertEquals(0, prometheus.getMeters().size());
    assertEquals("", prometheus.scrape());
    assertEquals(descriptors, descriptors());
    awaitSamplers(0);
  }

  private static void cycle(
      SimpleMeterRegistry simple, PrometheusMeterRegistry prometheus, boolean background)
      throws Exception {
    PortPoolMetrics.Builder builder = PortPoolMetrics.builder();
    try (PortPoolMetrics metrics = (background ? builder.background() : builder).build()) {
      metrics.bindTo(simple);
      metrics.bindTo(prometheus);
      metrics.bindTo(simple);
      assertFalse(Double.isNaN(simple.get("portpool.capacity").gauge().value()));
      awaitSamplers(1);
    }
  }

  private static long descriptors() throws IOException {
    try (Stream<Path> open = Files.list(Path.of("/proc/self/fd"))) {
      return open.count();
    }
  }

  /** A thread is there for a moment after all that it has to do is done. */
  private static void awaitSamplers(int count) throws Exception {
    Await.until("there are " + count + " samplers", () -> samplers() == count);
  }

  private static long samplers() {
    return Thread.getAllStackTraces().keySet().stream()
        .filter(thread -> thread.getName().equals("portpool-sampler"))
        .count();
  }

  @Test
  void anIntervalIsKept() throws Exception {
    SimpleMeterRegistry registry = new SimpleMeterRegistry();
    try (PortPoolMetrics metrics = new PortPoolMetrics()) {
      metrics.bindTo(registry);
      double[] times = new double[100];
      Arrays.parallelSetAll(
          times, each -> registry.get("portpool.sample.timestamp").timeGauge().value());
      assertEquals(1, Arrays.stream(times).distinct().count());
    }
    try (PortPoolMetrics metrics =
        PortPoolMetrics.builder().interval(Duration.ofMillis(100)).background().build()) {
      metrics.bindTo(registry);
      double first = registry.get("portpool.sample.timestamp").timeGauge().value();
      for (int attempt = 0; ; attempt++) {
        pause(10);
        if (registry.get("portpool.sample.timestamp").timeGauge().value() > first) {
          break;
        }
        assertTrue(attempt < 1000, "no second sample");
      }
    }
  }

  @Test
  void anInterruptedReaderSpoilsNothing() throws Exception {
    SimpleMeterRegistry registry = new SimpleMeterRegistry();
    try (PortPoolMetrics metrics =
        PortPoolMetrics.builder().interval(Duration.ofMillis(100)).build()) {
      metrics.bindTo(registry);
      assertFalse(Double.isNaN(registry.get("portpool.capacity").gauge().value()));
      pause(100);
      Thread.currentThread().interrupt();
      assertFalse(Double.isNaN(registry.get("portpool.capacity").gauge().value()));
      assertTrue(Thread.interrupted());
      pause(500);
      assertEquals(1, registry.get("portpool.sample.success").gauge().value());
    }
  }

  @Test
  void aClosedOneCannotBeBound() {
    PortPoolMetrics metrics = new PortPoolMetrics();
    metrics.close();
    metrics.close();
    assertThrows(IllegalStateException.class, () -> metrics.bindTo(new SimpleMeterRegistry()));
  }

  @Test
  void valuesOutOfRangeAreRefused() {
    PortPoolMetrics.Builder builder = PortPoolMetrics.builder();
    assertThrows(IllegalArgumentException.class, () -> builder.destinations(1001));
    assertThrows(IllegalArgumentException.class, () -> builder.owners(-1));
    assertThrows(IllegalArgumentException.class, () -> builder.interval(Duration.ofMillis(99)));
  }
}
