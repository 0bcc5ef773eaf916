package io.github.portpool.export.text;

import io.github.portpool.advice.CheckState;
import io.github.portpool.advice.Judgement;
import io.github.portpool.advice.Measure;
import io.github.portpool.advice.Thresholds;
import io.github.portpool.advice.Verdict;
import io.github.portpool.host.Printable;
import io.github.portpool.host.RecentFailures;
import io.github.portpool.snapshot.Headroom;
import io.github.portpool.table.Destination;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;

/**
 * The one line of a monitoring plugin: a state, a sentence, and performance data.
 *
 * @param state what the exit code says too
 * @param text the line, without a line feed
 */
public record CheckLine(CheckState state, String text) {
  /**
   * What a verdict comes to.
   *
   * @param missing what was asked for and could not be read, or empty
   */
  public static CheckLine of(Verdict verdict, String missing) {
    return of(
        verdict.judgement(),
        VerdictText.sentence(verdict) + (missing.isEmpty() ? "" : "; not checked: " + missing));
  }

  private static CheckLine of(Judgement judgement, String sentence) {
    List<String> data = new ArrayList<>();
    for (Measure each : judgement.measures()) {
      data.add(
          "%s=%d;%d;%d;0;%d"
              .formatted(
                  each.name(),
                  each.headroom().used(),
                  Math.max(0, judgement.thresholds().mostWithoutWarning(each.capacity())),
                  Math.max(0, judgement.thresholds().mostUncritical(each.capacity())),
                  each.capacity()));
    }
    String reason = sentence + JudgementText.blindSpot(judgement);
    return new CheckLine(
        judgement.state(), line(judgement.state(), reason) + " | " + String.join(" ", data));
  }

  /**
   * One destination.
   *
   * @param exact whether the headroom is not just an upper bound
   */
  public static CheckLine ofDestination(
      Destination group, Headroom headroom, boolean exact, Thresholds thresholds) {
    Measure measure =
        new Measure(
            "used",
            headroom,
            exact,
            "toward",
            "%s from %s".formatted(group.destination(), group.source()));
    Judgement judgement = new Judgement(List.of(measure), RecentFailures.of(0, 0), thresholds);
    return of(judgement, JudgementText.reason(judgement));
  }

  /** What could not be checked, and why. */
  public static CheckLine unknown(String sentence) {
    return new CheckLine(CheckState.UNKNOWN, line(CheckState.UNKNOWN, sentence));
  }

  /** The line that another program printed; empty when it is not one. */
  public static Optional<CheckLine> parse(String printed) {
    String text = printed.strip();
    return Arrays.stream(CheckState.values())
        .filter(state -> text.startsWith(line(state, "")) && Printable.oneLine(text).equals(text))
        .findFirst()
        .map(state -> new CheckLine(state, text));
  }

  private static String line(CheckState state, String sentence) {
    // A bar would begin performance data.
    return "PORTPOOL " + state + " - " + Printable.oneLine(sentence).replace('|', '/');
  }
}
