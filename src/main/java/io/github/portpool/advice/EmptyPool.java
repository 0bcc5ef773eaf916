package io.github.portpool.advice;

import java.util.List;

/** A live range all of whose ports are reserved: there is nothing to choose from. */
final class EmptyPool implements Rule {
  @Override
  public List<Finding> judge(HostFacts facts) {
    if (facts.range().capacity() > 0) {
      return List.of();
    }
    return List.of(
        new Finding(
            "empty_pool",
            Severity.CRITICAL,
            "The pool is empty: every port of the live range is reserved",
            List.of(SmallRange.evidence(facts)),
            "Each connect(), and each bind() to port 0, fails unless the program names a port, for"
                + " TCP and UDP, name resolution among them. "
                + SmallRange.CURE,
            SmallRange.mends(facts)));
  }
}
