package io.github.portpool.advice;

import io.github.portpool.snapshot.Feature;
import io.github.portpool.table.EphemeralPorts;
import java.time.Instant;
import java.util.List;
import java.util.Map;

/**
 * What the doctor says of one network namespace.
 *
 * @param time when the sockets were read
 * @param range the ephemeral range
 * @param verdict the worst of all network namespaces; of this one, each way out that is not OK is a
 *     finding
 * @param findings the worst first
 * @param untrackedConnections connections that were not looked at, for their owners are too many
 * @param unavailable what could not be seen, each with one sentence that names the cure
 */
public record Diagnosis(
    Instant time,
    EphemeralPorts range,
    Verdict verdict,
    List<Finding> findings,
    int untrackedConnections,
    Map<Feature, String> unavailable) {
  /** Whether nothing is wrong here, nor elsewhere; notes do not count. */
  public boolean healthy() {
    return verdict.state() == CheckState.OK
        && findings.stream().allMatch(finding -> finding.severity() == Severity.NOTE);
  }
}
