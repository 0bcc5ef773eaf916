package io.github.portpool.metrics;

import io.github.portpool.sample.BuildInfo;
import io.github.portpool.sample.SampleReport;
import java.util.Map;

/**
 * All that the metrics of one moment are made of.
 *
 * @param sample how sampling goes
 * @param build the program that samples
 * @param otlpExports the pushes by their outcome, empty where nothing is pushed
 */
public record AgentReport(SampleReport sample, BuildInfo build, Map<String, Long> otlpExports) {
  /** The report of an agent that pushes nothing. */
  public static AgentReport of(SampleReport sample) {
    return new AgentReport(sample, BuildInfo.current(), Map.of());
  }

  /** Whether both are made of the same, which does not change. */
  @SuppressWarnings("ReferenceEquality") // the same parts, not equal ones
  public boolean isSame(AgentReport other) {
    return sample == other.sample && otlpExports == other.otlpExports;
  }
}
