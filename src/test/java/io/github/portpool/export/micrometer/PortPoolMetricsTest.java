package io.github.portpool.export.micrometer;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.portpool.sample.Bounds;
import io.github.portpool.sample.CpuBudget;
import io.github.portpool.sample.HostSources;
import io.github.portpool.sample.Sampler;
import io.github.portpool.snapshot.Protocol;
import io.github.portpool.snapshot.Snapshot;
import io.github.portpool.source.sockdiag.SockDiagSource;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.time.Duration;
import org.junit.jupiter.api.Test;

class PortPoolMetricsTest {
  @Test
  void gaugesFollowTheSnapshot() throws Exception {
    Sampler.Options options =
        new Sampler.Options(Duration.ofSeconds(5), new CpuBudget(1), new Bounds(10, 10, 10, 0));
    try (SockDiagSource source = SockDiagSource.live();
        Sampler sampler = new Sampler(HostSources.of(source), options)) {
      SimpleMeterRegistry registry = new SimpleMeterRegistry();
      new PortPoolMetrics(sampler::report).bindTo(registry);
      assertTrue(Double.isNaN(registry.get("portpool.capacity").gauge().value()));
      sampler.sample();
      Snapshot snapshot = sampler.report().lastGood();
      assertNotNull(snapshot);
      assertEquals(snapshot.range().capacity(), registry.get("portpool.capacity").gauge().value());
      for (Protocol protocol : Protocol.values()) {
        assertEquals(
            snapshot.pool(protocol).worst().free(),
            registry
                .get("portpool.worst.destination.free")
                .tag("protocol", protocol.label())
                .gauge()
                .value());
        assertEquals(
            snapshot.pool(protocol).bindFree(),
            registry.get("portpool.bind.free").tag("protocol", protocol.label()).gauge().value());
      }
    }
  }
}
