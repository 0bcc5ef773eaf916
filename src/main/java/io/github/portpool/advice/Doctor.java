package io.github.portpool.advice;

import java.util.Comparator;
import java.util.List;
import java.util.stream.Stream;

/** Judges a host by all rules. */
final class Doctor {
  private static final List<Rule> RULES =
      List.of(
          new SmallRange(),
          new TightDestinations(),
          new ClosedPorts(),
          new FullPools(),
          new FailedConnects(),
          new UnreservedListeners(),
          new RandomListeners(),
          new NodePorts(),
          new BindBeforeConnect(),
          new OutlivedListeners(),
          new CloseWaitLeaks(),
          new TimeWaitChurn(),
          new Timestamps(),
          new FullConntrack(),
          new UselessReservations());

  private Doctor() {}

  /** What is wrong, the worst first. */
  static Diagnosis judge(HostFacts facts) {
    Stream<Finding> findings =
        RULES.stream()
            .flatMap(rule -> rule.judge(facts).stream())
            .map(finding -> finding.within(facts.limits()));
    return new Diagnosis(
        facts.time(),
        facts.range(),
        facts.verdict(),
        findings.sorted(Comparator.comparing(Finding::severity)).toList(),
        facts.untrackedConnections(),
        facts.unavailable());
  }
}
