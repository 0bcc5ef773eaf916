package io.github.portpool.export.text;

import io.github.portpool.advice.CheckState;
import io.github.portpool.advice.Judgement;
import io.github.portpool.advice.Measure;
import io.github.portpool.host.RecentFailures;

/** Why a judgement is what it is, in one sentence: the same for check, doctor, status and pages. */
public final class JudgementText {
  private JudgementText() {}

  /** The reason, with the address that it is about. */
  public static String reason(Judgement judgement) {
    String where = judgement.worst().where();
    return reason(
        judgement, where.isEmpty() ? "" : " " + where, by(judgement.failures().culprit()));
  }

  /** The reason without anybody's name or address. */
  public static String anonymous(Judgement judgement) {
    return reason(judgement, "", "");
  }

  private static String by(String culprit) {
    return culprit.isEmpty() ? "" : ", most often of " + culprit;
  }

  private static String reason(Judgement judgement, String where, String by) {
    Measure worst = judgement.worst();
    String pool =
        "%s free %s%s (%s %% used)"
            .formatted(worst.left(), worst.what(), where, HeadroomTable.percent(worst.headroom()));
    if (!judgement.failing()) {
      return pool;
    }
    RecentFailures failures = judgement.failures();
    return "%d connect() calls failed for lack of a port within %d s%s, though the pool has ports (%s): see portpool doctor"
        .formatted(failures.count(), Math.round(Math.ceil(failures.seconds())), by, pool);
  }

  /** What a good judgement cannot know where nobody counts the calls that fail. */
  static String blindSpot(Judgement judgement) {
    return judgement.state() == CheckState.CRITICAL || judgement.failures().uncounted().isEmpty()
        ? ""
        : "; not counted: connect() calls that fail, such as in a program's own range";
  }
}
