package io.github.portpool.export.json;

import io.github.portpool.advice.CheckState;
import io.github.portpool.advice.Judgement;
import io.github.portpool.advice.Measure;
import io.github.portpool.advice.Owners;
import io.github.portpool.advice.Since;
import io.github.portpool.advice.Verdict;
import io.github.portpool.host.OwningProcess;
import io.github.portpool.sample.SampleReport;
import io.github.portpool.snapshot.DestinationUsage;
import io.github.portpool.table.PortHolder;
import java.util.List;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** The one answer to whether a host is in trouble, as JSON. */
public final class VerdictJson {
  private VerdictJson() {}

  /** One object, or null before the first good sample. */
  public static String of(SampleReport report) {
    return Json.text(report.verdict().map(VerdictJson::fields).orElse(null));
  }

  static Fields fields(Verdict verdict) {
    Measure worst = verdict.judgement().worst();
    List<DestinationUsage> top = verdict.place().tcp().top();
    boolean named = worst.name().equals(Judgement.TCP) && !top.isEmpty();
    Since since = verdict.place().since().orElse(null);
    return new Fields()
        .with("state", verdict.state())
        .with("netns", verdict.place().netns())
        .with("time", verdict.place().time())
        .with("since", since == null ? null : since.time())
        .with("sinceOrEarlier", since == null || since.orEarlier())
        .with("measure", worst.name())
        .with("source", named ? top.getFirst().source() : null)
        .with("destination", named ? top.getFirst().destination() : null)
        .with("used", worst.headroom().used())
        .with("free", worst.headroom().free())
        .with("exact", worst.exact())
        .with("failing", verdict.judgement().failing())
        .with("culprits", culprits(verdict))
        .with("nextStep", Json.orNull(verdict.nextStep()));
  }

  private static Stream<Fields> culprits(Verdict verdict) {
    return verdict.state() == CheckState.OK
        ? Stream.of()
        : verdict.culprits().stream().map(holder -> culprit(verdict.owners(), holder));
  }

  static Fields culprit(Owners owners, PortHolder holder) {
    return new Fields()
        .with("sockets", holder.count())
        .with("states", Fields.of(holder.sockets().keySet(), holder.sockets()::get))
        .with("processes", owners.processes(holder.inodes()).stream().map(VerdictJson::process))
        .with("controlGroup", Json.controlGroup(owners.controlGroup(holder)));
  }

  private static @Nullable Fields process(OwningProcess process) {
    return new Fields()
        .with("pid", process.pid())
        .with("name", process.name())
        .with("user", process.user());
  }
}
