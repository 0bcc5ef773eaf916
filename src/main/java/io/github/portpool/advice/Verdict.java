package io.github.portpool.advice;

import io.github.portpool.snapshot.BlockReason;
import io.github.portpool.snapshot.Protocol;
import io.github.portpool.snapshot.SocketState;
import io.github.portpool.table.PortHolder;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/**
 * The one answer to whether a host is in trouble: the worst of its network namespaces, how bad it
 * is, whose sockets they are, and what to do. Every page and command says this one.
 *
 * @param place the worst network namespace
 * @param judgement how close that is to its end
 * @param culprits who holds the ports that the judgement is about, the most first
 * @param owners the names of all holders
 */
public record Verdict(Place place, Judgement judgement, List<PortHolder> culprits, Owners owners) {
  private static final int MOST_CULPRITS = 3;

  /** The verdict of some places; of those that are as bad, the first. */
  public static Verdict of(List<Place> places, Thresholds thresholds, Owners owners) {
    // max() takes the last of equals.
    Place worst =
        places.reversed().stream()
            .max(
                Comparator.comparing((Place place) -> place.judgement(thresholds).state())
                    .thenComparingDouble(place -> place.judgement(thresholds).worst().share()))
            .orElseThrow();
    Judgement judgement = worst.judgement(thresholds);
    return new Verdict(worst, judgement, culprits(worst, judgement), owners);
  }

  /** The same with the names of the culprits. */
  Verdict withOwners(Owners known) {
    return new Verdict(place, judgement, culprits, known);
  }

  /** What it comes to. */
  public CheckState state() {
    return judgement.state();
  }

  /** A line for each culprit; none where all is well, or where nobody looked. */
  public List<String> culpritLines() {
    List<String> lines = new ArrayList<>();
    if (state() != CheckState.OK) {
      String caller = judgement.failures().culprit();
      if (!caller.isEmpty()) {
        lines.add("connect() fails most often for " + caller);
      }
      culprits.stream().map(owners::line).forEach(lines::add);
    }
    return lines;
  }

  /** The one thing to do first, a few words or a command; empty where all is well. */
  public String nextStep() {
    return state() == CheckState.OK ? "" : NextStep.of(this);
  }

  /** The states of the culprits' sockets. */
  Map<SocketState, Integer> states() {
    return StateCure.states(culprits);
  }

  private static List<PortHolder> culprits(Place place, Judgement judgement) {
    if (judgement.failing()) {
      return List.of();
    }
    Stream<PortHolder> those =
        switch (judgement.worst().name()) {
          case Judgement.UDP -> of(place, Protocol.UDP);
          case Judgement.TCP ->
              ClosedPorts.prevail(place.tcp()) || place.tcp().top().isEmpty()
                  ? closing(place)
                  : place.holders().stream()
                      .filter(each -> each.isToward(place.tcp().top().getFirst()));
          default -> of(place, Protocol.TCP);
        };
    List<PortHolder> merged = new ArrayList<>();
    those.forEach(each -> merge(merged, each));
    return merged.stream()
        .sorted(Comparator.comparingInt(PortHolder::count).reversed())
        .limit(MOST_CULPRITS)
        .toList();
  }

  private static Stream<PortHolder> of(Place place, Protocol protocol) {
    return place.holders().stream().filter(each -> each.protocol() == protocol);
  }

  private static Stream<PortHolder> closing(Place place) {
    BlockReason reason = ClosedPorts.most(place.tcp());
    return of(place, Protocol.TCP).filter(each -> ClosedPorts.closing(reason, each) > 0);
  }

  private static void merge(List<PortHolder> merged, PortHolder next) {
    for (int i = 0; i < merged.size(); i++) {
      if (merged.get(i).isOfSameOwner(next)) {
        merged.set(i, merged.get(i).plus(next));
        return;
      }
    }
    merged.add(next);
  }
}
