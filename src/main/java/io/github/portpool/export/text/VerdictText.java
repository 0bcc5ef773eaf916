package io.github.portpool.export.text;

import io.github.portpool.advice.CheckState;
import io.github.portpool.advice.Since;
import io.github.portpool.advice.Verdict;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;

/** The verdict in words, the same for check, doctor, status and pages. */
public final class VerdictText {
  private static final int MOST_IN_A_LINE = 1;

  private VerdictText() {}

  /** Why it is what it is, and where, with the address that it is about. */
  public static String reason(Verdict verdict) {
    return JudgementText.reason(verdict.judgement()) + namespace(verdict);
  }

  /** The same without anybody's name or address. */
  public static String anonymous(Verdict verdict) {
    return JudgementText.anonymous(verdict.judgement())
        + (verdict.place().elsewhere() ? ", in another network namespace" : "");
  }

  private static String namespace(Verdict verdict) {
    return verdict.place().elsewhere() ? ", in network namespace " + verdict.place().netns() : "";
  }

  /** Since when it is so, {@code since 2026-11-24T12:00:00Z, 4m 2s}; empty where nobody knows. */
  public static String since(Verdict verdict) {
    Instant time = verdict.place().time();
    return verdict
        .place()
        .since()
        .filter(since -> since.time().isBefore(time))
        .map(since -> since(since, time))
        .orElse("");
  }

  private static String since(Since since, Instant now) {
    return "since %s%s, %s"
        .formatted(
            since.time().truncatedTo(ChronoUnit.SECONDS),
            since.orEarlier() ? " or earlier" : "",
            Ages.between(since.time(), now));
  }

  /** Everything in one sentence; of the culprits the first. */
  public static String sentence(Verdict verdict) {
    List<String> parts = new ArrayList<>();
    parts.add(reason(verdict));
    if (verdict.state() != CheckState.OK) {
      String since = since(verdict);
      if (!since.isEmpty()) {
        parts.add(since);
      }
      verdict.culpritLines().stream()
          .limit(MOST_IN_A_LINE)
          .forEach(line -> parts.add("by " + line));
      parts.add("next: " + verdict.nextStep());
    }
    return String.join("; ", parts);
  }

  /** A line for each culprit and for what to do, each with what it is about before it. */
  static List<String> lines(Verdict verdict) {
    List<String> lines = new ArrayList<>();
    if (verdict.state() != CheckState.OK) {
      verdict.culpritLines().forEach(line -> lines.add("by: " + line));
      lines.add("next: " + verdict.nextStep());
    }
    return lines;
  }
}
