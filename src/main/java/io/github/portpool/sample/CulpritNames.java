package io.github.portpool.sample;

import io.github.portpool.host.ConnectFailures;
import io.github.portpool.host.ConnectFailures.Culprit;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.LongFunction;

/**
 * Names for those whose connect() failed for lack of a port. For one thread.
 *
 * <p>What a culprit was called when it was first seen stays its name, so that its count never moves
 * to another series when its control group or namespace is gone.
 */
final class CulpritNames {
  private record Key(long netns, String process, long controlGroup, String destination) {}

  private record Names(String netns, String process, String controlGroup, String destination) {
    Names withNumberOf(Key key) {
      return new Names(
          netns.isEmpty() ? "" : String.valueOf(key.netns()),
          process,
          OwnerNames.number(key.controlGroup()),
          destination);
    }
  }

  private final LongFunction<String> namespaceName;
  private final LongFunction<String> controlGroupPath;
  private Map<Key, Names> known = new HashMap<>();

  CulpritNames(LongFunction<String> namespaceName, LongFunction<String> controlGroupPath) {
    this.namespaceName = namespaceName;
    this.controlGroupPath = controlGroupPath;
  }

  /** The culprits by their names, each combination of names once. */
  List<FailedConnects> name(ConnectFailures failures) {
    Map<Key, Names> now = new HashMap<>();
    Map<Names, Long> counts = new HashMap<>();
    for (Culprit culprit : failures.culprits()) {
      Key key =
          new Key(
              culprit.netns(), culprit.process(), culprit.controlGroup(), culprit.destination());
      Names names = known.get(key);
      if (names == null) {
        names = names(key);
        if (known.containsValue(names) || now.containsValue(names)) {
          // Each row of the kernel's counts stays a series of its own, which never falls.
          names = names.withNumberOf(key);
        }
      }
      now.put(key, names);
      counts.merge(names, culprit.failures(), Long::sum);
    }
    known = now;
    List<FailedConnects> named = new ArrayList<>();
    counts.forEach((names, count) ->
        named.add(
            new FailedConnects(
                names.netns(), names.process(), names.controlGroup(), names.destination(), count)));
    return named;
  }

  private Names names(Key key) {
    return new Names(
        key.netns() == 0 ? "" : namespaceName.apply(key.netns()),
        key.process(),
        key.controlGroup() == 0 ? "" : path(key.controlGroup()),
        key.destination());
  }

  private String path(long id) {
    String path = controlGroupPath.apply(id);
    return path.isEmpty() ? OwnerNames.number(id) : path;
  }
}
