package io.github.portpool.advice;

import io.github.portpool.host.Conntrack;
import java.util.List;

/** A connection tracking table that is nearly full: new connections are then dropped. */
final class FullConntrack implements Rule {
  /** Past it a burst fills the table before anybody looks. */
  private static final int FULL_PERCENT = 80;

  @Override
  public List<Finding> judge(HostFacts facts) {
    Conntrack table = facts.conntrack();
    if (table == null
        || table.limit() == 0
        || table.entries() * 100L < (long) table.limit() * FULL_PERCENT) {
      return List.of();
    }
    long wanted = Math.min(2L * Math.max(table.limit(), table.entries()), Integer.MAX_VALUE);
    String setting = "net.netfilter.nf_conntrack_max=" + wanted;
    boolean settable = facts.limits().firstNamespace();
    return List.of(
        new Finding(
            "conntrack",
            table.entries() >= table.limit() ? Severity.CRITICAL : Severity.WARNING,
            "The connection tracking table is %d %% full"
                .formatted(table.entries() * 100L / table.limit()),
            List.of(
                "%d of %d entries".formatted(table.entries(), table.limit()),
                ("since boot %d packets were dropped for want of an entry, and %d new connections"
                        + " found their tuple taken")
                    .formatted(table.drops(), table.insertFailed())),
            "When it is full, packets of new connections are dropped, and connect() times out"
                + " without an error. Each entry takes some 300 bytes of the kernel's memory."
                + (settable
                    ? ""
                    : " The limit can be set in the host's own network namespace alone: "
                        + setting
                        + "."),
            settable ? List.of(Fix.setting(setting)) : List.of()));
  }
}
