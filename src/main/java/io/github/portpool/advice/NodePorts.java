package io.github.portpool.advice;

import io.github.portpool.table.PortSet;
import java.util.List;
import java.util.stream.IntStream;

/**
 * An ephemeral range that overlaps the node ports of Kubernetes: kube-proxy answers on them, by
 * default 30000-32767, {@code --service-node-port-range} of kube-apiserver.
 */
final class NodePorts implements Rule {
  static final int FIRST = 30_000;
  static final int LAST = 32_767;
  static final PortSet PORTS = PortSet.range(FIRST, LAST);

  private static int overlap(HostFacts facts) {
    return (int) IntStream.rangeClosed(FIRST, LAST).filter(facts.range()::allocates).count();
  }

  @Override
  public List<Finding> judge(HostFacts facts) {
    int overlap = overlap(facts);
    if (overlap == 0) {
      return List.of();
    }
    String title =
        "The ephemeral range %d-%d overlaps the node ports of Kubernetes, %d-%d"
            .formatted(facts.range().first(), facts.range().last(), FIRST, LAST);
    String ports = "%d ports of the pool are node ports".formatted(overlap);
    if (facts.kubernetes().isEmpty()) {
      return List.of(
          new Finding(
              "node_ports",
              Severity.NOTE,
              title,
              List.of(ports, "nothing here looks like a node of Kubernetes"),
              "It matters once this host becomes a node of Kubernetes.",
              List.of()));
    }
    return List.of(
        new Finding(
            "node_ports",
            Severity.WARNING,
            title,
            List.of(ports, "a node of Kubernetes: " + facts.kubernetes()),
            "An outgoing connection on the port of a NodePort service loses its answers to that"
                + " service. Reserve the node ports; if the cluster has other ones"
                + " (--service-node-port-range), those.",
            facts.plan().fixes(facts)));
  }
}
