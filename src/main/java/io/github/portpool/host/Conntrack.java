package io.github.portpool.host;

/**
 * The connection tracking table of one network namespace, nf_conntrack.
 *
 * @param entries connections in the table
 * @param limit how many it may hold, nf_conntrack_max; 0 for no limit
 * @param insertFailed new connections that found their tuple taken, since boot: NAT ports exhausted
 *     among other clashes
 * @param drops packets dropped because a new entry could not be made, since boot
 */
public record Conntrack(int entries, int limit, long insertFailed, long drops) {}
