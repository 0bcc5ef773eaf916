package io.github.portpool.export.micrometer;

import io.github.portpool.sample.NamedOwner;
import io.github.portpool.sample.SampleReport;
import io.github.portpool.snapshot.DestinationUsage;
import io.github.portpool.snapshot.Feature;
import io.github.portpool.snapshot.PoolUsage;
import io.github.portpool.snapshot.Snapshot;
import io.micrometer.core.instrument.Tags;
import java.util.HashMap;
import java.util.Map;
import java.util.function.ToDoubleFunction;

/** A family of gauges in ports whose rows come and go with what a sample names. */
enum RowFamily {
  DESTINATION_USED(
      "portpool.destination.used",
      "Ports that a (source, destination, port) group cannot use; the most loaded groups only.") {
    @Override
    void add(Map<Tags, Double> rows, SampleReport report, Snapshot snapshot) {
      addDestinations(rows, snapshot, usage -> usage.headroom().used());
    }
  },
  DESTINATION_FREE(
      "portpool.destination.free",
      "How many more connect() calls of a (source, destination, port) group succeed; the most"
          + " loaded groups only.") {
    @Override
    void add(Map<Tags, Double> rows, SampleReport report, Snapshot snapshot) {
      addDestinations(rows, snapshot, usage -> usage.headroom().free());
    }
  },
  OWNER_USED(
      "portpool.owner.used",
      "Pool ports by the control group that made their sockets, the groups with the most only;"
          + " ownerless: sockets that the kernel alone holds, such as TIME_WAIT.") {
    @Override
    void add(Map<Tags, Double> rows, SampleReport report, Snapshot snapshot) {
      if (report.available(Feature.CGROUPS)) {
        report
            .owners()
            .of(snapshot)
            .forEach(owner -> rows.put(tags(owner), (double) owner.ports()));
      }
    }
  };

  private final String meterName;
  private final String description;

  RowFamily(String meterName, String description) {
    this.meterName = meterName;
    this.description = description;
  }

  String meterName() {
    return meterName;
  }

  String description() {
    return description;
  }

  /** The rows of a report by their tags; none before the first good sample. */
  Map<Tags, Double> rows(SampleReport report) {
    Map<Tags, Double> rows = new HashMap<>();
    Snapshot snapshot = report.lastGood();
    if (snapshot != null) {
      add(rows, report, snapshot);
    }
    return rows;
  }

  abstract void add(Map<Tags, Double> rows, SampleReport report, Snapshot snapshot);

  private static void addDestinations(
      Map<Tags, Double> rows, Snapshot snapshot, ToDoubleFunction<DestinationUsage> value) {
    for (PoolUsage pool : snapshot.pools().values()) {
      for (DestinationUsage usage : pool.top()) {
        Tags tags =
            Tags.of(
                "protocol", usage.protocol().label(),
                "source", usage.source(),
                "destination", usage.destination());
        rows.put(tags, value.applyAsDouble(usage));
      }
    }
  }

  private static Tags tags(NamedOwner owner) {
    return Tags.of(
        "protocol", owner.protocol().label(),
        "cgroup", owner.path(),
        "unit", owner.unit(),
        "container", owner.container(),
        "pod", owner.pod());
  }
}
