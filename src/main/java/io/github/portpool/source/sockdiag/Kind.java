package io.github.portpool.source.sockdiag;

/** Which sockets a dump is for, by how they came by their ports. */
enum Kind {
  /** Those whose program named the port, and those without a peer. */
  NAMED,
  /** Those whose program did not, all of them. */
  UNNAMED,
  /** Of these, what a transparent proxy accepted. */
  INTERCEPTED,
  /** And the others. */
  CHOSEN_BY_KERNEL
}
