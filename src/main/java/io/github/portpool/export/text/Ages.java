package io.github.portpool.export.text;

import java.time.Duration;
import java.time.Instant;

/** How long something has been, in its two largest units: {@code 3d 4h}, {@code 12m 5s}. */
final class Ages {
  private Ages() {}

  /** The time from one moment to another; a clock that was set back gives {@code 0s}. */
  static String between(Instant from, Instant to) {
    return of(Duration.between(from, to));
  }

  /** A time in its two largest units; a negative one is {@code 0s}. */
  static String of(Duration age) {
    if (age.isNegative()) {
      return "0s";
    }
    if (age.toDays() > 0) {
      return age.toDays() + "d " + age.toHoursPart() + "h";
    }
    if (age.toHours() > 0) {
      return age.toHours() + "h " + age.toMinutesPart() + "m";
    }
    return age.toMinutes() > 0
        ? age.toMinutes() + "m " + age.toSecondsPart() + "s"
        : age.toSeconds() + "s";
  }
}
