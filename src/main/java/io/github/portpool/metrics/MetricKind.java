package io.github.portpool.metrics;

/** How the values of a metric behave. */
public enum MetricKind {
  /** Goes up and down. */
  GAUGE(""),
  /** Only grows, until the agent starts again. */
  COUNTER("_total"),
  /** Is 1 always: the labels are what it says. */
  INFO("_info");

  private final String suffix;

  MetricKind(String suffix) {
    this.suffix = suffix;
  }

  /** What Prometheus' names of this kind end with. */
  public String suffix() {
    return suffix;
  }
}
