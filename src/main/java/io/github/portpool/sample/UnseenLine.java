package io.github.portpool.sample;

import io.github.portpool.snapshot.Feature;
import java.util.EnumSet;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Collectors;

/**
 * The line of the log that names what cannot be seen here, each with what cures it. What was said
 * once is not said again. Why it is so stands on the page, for reasons are long. For one thread.
 */
final class UnseenLine {
  private final Set<Feature> said = EnumSet.noneOf(Feature.class);

  /** The line about what was not said before; empty when that is nothing. */
  String of(Map<Feature, String> unavailable) {
    Map<Feature, String> news = new TreeMap<>(unavailable);
    news.keySet().removeAll(said);
    said.addAll(news.keySet());
    return news.isEmpty()
        ? ""
        : news.entrySet().stream()
            .map(each -> each.getKey().label() + ": " + cure(each.getValue()))
            .collect(Collectors.joining("; ", "not available: ", "; the page at / says why"));
  }

  /** A reason ends with its cure, behind the last colon. */
  private static String cure(String reason) {
    int colon = reason.lastIndexOf(": ");
    return colon < 0 ? reason : reason.substring(colon + 2);
  }
}
