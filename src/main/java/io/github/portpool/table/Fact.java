package io.github.portpool.table;

/** What a source can tell about a socket: yes, no, or that it cannot see it. */
public enum Fact {
  YES,
  NO,
  UNKNOWN
}
