package io.github.portpool.e2e.monitoring;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.portpool.NeedsHost;
import io.github.portpool.e2e.Needs;
import io.github.portpool.e2e.Scrape;
import io.github.portpool.e2e.SmallHost;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import java.util.function.IntPredicate;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The agent and ss(8), asked about the same sockets, say the same. */
@NeedsHost
class SecondOpinionTest {
  private static final Map<String, IntPredicate> RANGES =
      Map.of(
          "well_known", port -> port < 1024,
          "registered", port -> port >= 1024 && port < 49_152,
          "dynamic", port -> port >= 49_152);

  @Test
  void theAgentCountsWhatSsShows(@TempDir Path directory) throws Exception {
    Needs.program("/usr/bin/ss", "iproute2");
    Path recording = directory.resolve("recording.bin");
    try (SmallHost host = SmallHost.create()) {
      // A recording, for a scrape would have sockets of its own in the pool.
      host.record(recording);
      SocketStatistics tcp = host.call(() -> SocketStatistics.read("-Htan"));
      SocketStatistics udp = host.call(() -> SocketStatistics.read("-Huan"));
      SocketStatistics listeners = host.call(() -> SocketStatistics.read("-Hltn"));

      Scrape agent = Scrape.of(GoldenTest.replay(recording));
      assertEquals(tcp.states(SmallHost::inPool), states(agent, "tcp"));
      assertEquals(udp.states(SmallHost::inPool), states(agent, "udp"));
      assertTrue(udp.sockets(SmallHost::inPool) > 0, "there are UDP sockets, too");
      assertTrue(tcp.sockets(SmallHost::inPool) > 50, "the namespace is busy");
      RANGES.forEach((range, ports) -> {
        String labels = "{netns=\"host\",protocol=\"tcp\",range=\"" + range + "\"}";
        assertEquals(listeners.sockets(ports), agent.value("portpool_listeners" + labels), range);
        assertEquals(
            listeners.distinctPorts(ports),
            agent.value("portpool_listening_ports" + labels),
            range);
      });
    }
  }

  /** The states that occur; old versions of ss do not show sockets that are only bound. */
  private static Map<String, Integer> states(Scrape agent, String protocol) {
    String prefix = "portpool_sockets{netns=\"host\",protocol=\"" + protocol + "\",state=\"";
    Map<String, Integer> states = new HashMap<>();
    agent
        .series()
        .forEach((series, count) -> {
          if (series.startsWith(prefix) && count > 0 && !series.contains("\"bound\"")) {
            states.put(series.substring(prefix.length(), series.length() - 2), count.intValue());
          }
        });
    return states;
  }
}
