package io.github.portpool.lookup;

/** What tells groups of sockets apart besides their owners and states. */
enum Apart {
  /** Nothing. */
  NOTHING,
  /** Where they lead to. */
  REMOTE,
  /** Where those that wait for strangers can be reached. */
  LOCAL
}
