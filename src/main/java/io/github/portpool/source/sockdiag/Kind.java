package io.github.portpool.source.sockdiag;

import io.github.portpool.table.Fact;
import org.jspecify.annotations.Nullable;

/** Which sockets a dump is for, by how they came by their ports. */
enum Kind {
  /** Those whose program named the port, and those without a peer. */
  NAMED(null),
  /** Those whose program did not. */
  UNNAMED(null),
  /** Of these, what a transparent proxy accepted. */
  INTERCEPTED(Fact.YES),
  /** What it did not. */
  CHOSEN_BY_KERNEL(Fact.NO),
  /** And those of which the kernel does not tell. */
  LEFT_OVER(Fact.UNKNOWN);

  private final @Nullable Fact intercepted;

  Kind(@Nullable Fact intercepted) {
    this.intercepted = intercepted;
  }

  /** Whether a socket that the filter let through is of this kind. */
  boolean includes(Fact wasIntercepted) {
    return intercepted == null || intercepted == wasIntercepted;
  }
}
