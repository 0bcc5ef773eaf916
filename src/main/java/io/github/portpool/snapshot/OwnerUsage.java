package io.github.portpool.snapshot;

/**
 * A control group and the pool ports that its sockets hold.
 *
 * @param controlGroup its id, which is the inode number of its directory in the cgroup v2
 *     hierarchy, or 0 for the sockets of which the kernel does not know it: TIME_WAIT, connections
 *     that are being accepted
 * @param ports distinct pool ports with at least one of its sockets in any state
 */
public record OwnerUsage(Protocol protocol, long controlGroup, int ports) {}
