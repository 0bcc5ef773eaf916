package io.github.portpool.sample;

import io.github.portpool.host.ConnectFailures;
import io.github.portpool.host.ConnectFailures.Culprit;
import java.util.HashMap;
import java.util.Map;
import java.util.function.LongFunction;

/**
 * Names for those whose connect() failed for lack of a port. For one thread.
 *
 * <p>What a culprit was called when it was first seen stays its name, so that its count never moves
 * to another series when its control group or namespace is gone.
 */
final class CulpritNames {
  private final LongFunction<String> namespaceName;
  private final LongFunction<String> controlGroupPath;
  private Map<Culprit, NamedCulprit> known = new HashMap<>();

  CulpritNames(LongFunction<String> namespaceName, LongFunction<String> controlGroupPath) {
    this.namespaceName = namespaceName;
    this.controlGroupPath = controlGroupPath;
  }

  /** How often the connect() of each failed, by its names. */
  Map<NamedCulprit, Long> name(ConnectFailures failures) {
    Map<Culprit, NamedCulprit> now = new HashMap<>();
    Map<NamedCulprit, Long> counts = new HashMap<>();
    failures
        .culprits()
        .forEach((culprit, count) -> {
          NamedCulprit named = known.get(culprit);
          if (named == null) {
            named = named(culprit);
            if (known.containsValue(named) || now.containsValue(named)) {
              // Each row of the kernel's counts stays a series of its own, which never falls.
              named = numbered(culprit);
            }
          }
          now.put(culprit, named);
          counts.merge(named, count, Long::sum);
        });
    known = now;
    return counts;
  }

  private NamedCulprit named(Culprit culprit) {
    return new NamedCulprit(
        culprit.netns() == 0 ? "" : namespaceName.apply(culprit.netns()),
        culprit.process(),
        culprit.controlGroup() == 0 ? "" : path(culprit.controlGroup()),
        culprit.destination());
  }

  private static NamedCulprit numbered(Culprit culprit) {
    return new NamedCulprit(
        culprit.netns() == 0 ? "" : String.valueOf(culprit.netns()),
        culprit.process(),
        OwnerNames.number(culprit.controlGroup()),
        culprit.destination());
  }

  private String path(long id) {
    String path = controlGroupPath.apply(id);
    return path.isEmpty() ? OwnerNames.number(id) : path;
  }
}
