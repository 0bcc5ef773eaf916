package io.github.portpool.sample;

import io.github.portpool.advice.CheckState;
import io.github.portpool.advice.Place;
import io.github.portpool.advice.Since;
import io.github.portpool.advice.Thresholds;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** When the state of each network namespace began, by the usual thresholds. For one thread. */
final class StateAges {
  private record Age(CheckState state, Since since) {}

  private Map<String, Age> ages = Map.of();

  /** Takes a sample. */
  void add(List<Place> places) {
    Map<String, Age> now = new HashMap<>();
    for (Place place : places) {
      CheckState state = place.judgement(Thresholds.USUAL).state();
      Age before = ages.get(place.netns());
      now.put(
          place.netns(),
          before != null && before.state() == state
              ? before
              : new Age(state, new Since(place.time(), before == null)));
    }
    ages = now;
  }

  /** When each began. */
  Map<String, Since> since() {
    Map<String, Since> since = new HashMap<>();
    ages.forEach((netns, age) -> since.put(netns, age.since()));
    return Map.copyOf(since);
  }
}
