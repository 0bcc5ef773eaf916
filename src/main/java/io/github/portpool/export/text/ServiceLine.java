package io.github.portpool.export.text;

import io.github.portpool.advice.Measure;
import io.github.portpool.host.Printable;
import io.github.portpool.sample.SampleReport;
import io.github.portpool.snapshot.PoolUsage;
import io.github.portpool.snapshot.Protocol;
import io.github.portpool.snapshot.Snapshot;

/** How the agent does in one line, for {@code systemctl status}. */
public final class ServiceLine {
  private ServiceLine() {}

  /** The line of a report: what is free toward the worst destination, or what failed. */
  public static String of(SampleReport report) {
    Snapshot snapshot = report.lastGood();
    if (!report.success() || snapshot == null) {
      return Printable.oneLine("No sample: " + report.message());
    }
    return "Toward the worst destination are free: tcp %s, udp %s; sockets: %d"
        .formatted(free(snapshot, Protocol.TCP), free(snapshot, Protocol.UDP), snapshot.sockets());
  }

  private static String free(Snapshot snapshot, Protocol protocol) {
    PoolUsage pool = snapshot.pool(protocol);
    return Measure.free(pool.worst().free(), pool.exact()) + " of " + snapshot.range().capacity();
  }
}
