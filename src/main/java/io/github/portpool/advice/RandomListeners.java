package io.github.portpool.advice;

import io.github.portpool.advice.ListenerWatch.RandomPorts;
import java.util.List;

/**
 * Programs that listen on random ports of the ephemeral range for a short time: resolvers, media
 * relays, FTP servers. No reservation holds for them.
 */
final class RandomListeners implements Rule {
  private static final int MOST_LINES = 5;

  @Override
  public List<Finding> judge(HostFacts facts) {
    if (facts.randomPorts().isEmpty()) {
      return List.of();
    }
    return List.of(
        new Finding(
            "random_listeners",
            Severity.NOTE,
            "Programs take random ports of the ephemeral range %d-%d for a short time"
                .formatted(facts.range().first(), facts.range().last()),
            facts.randomPorts().stream().limit(MOST_LINES).map(each -> line(facts, each)).toList(),
            "To reserve such ports makes no sense. Give the program a range of ports of its own,"
                + " outside the ephemeral range, by its own settings (such as outgoing-port-permit of"
                + " unbound, min-port and max-port of coturn, pasv_min_port of vsftpd).",
            List.of()));
  }

  private static String line(HostFacts facts, RandomPorts random) {
    return "%d opened and %d closed while the doctor looked, %d stayed: %s"
        .formatted(
            random.opened(),
            random.closed(),
            random.left(),
            facts
                .owners()
                .describe(random.owner().controlGroup(), random.owner().uid(), random.inodes()));
  }
}
