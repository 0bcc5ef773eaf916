package io.github.portpool.export.text;

import io.github.portpool.snapshot.Flow;
import java.time.Duration;
import java.util.Locale;

/** How fast connections are closed, in words: "closes 12.0/s, can sustain 470/s". */
public final class FlowText {
  private FlowText() {}

  /** The words for what is known. */
  public static String of(Flow flow) {
    return "closes %s/s, can sustain %s/s%s"
        .formatted(
            rate(flow.closed()),
            rate(flow.sustained()),
            flow.runsOut()
                ? ", runs out within " + Ages.of(Duration.ofSeconds((long) flow.secondsLeft()))
                : "");
  }

  private static String rate(double rate) {
    return String.format(Locale.ROOT, rate < 100 ? "%.1f" : "%.0f", rate);
  }
}
