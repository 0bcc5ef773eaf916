package io.github.portpool.advice;

/**
 * What the kernel allows here of the settings that a fix may change.
 *
 * @param lowestPort the lowest port that the ephemeral range may begin with: {@code
 *     ip_unprivileged_port_start}
 * @param firstNamespace whether this is the host's own network namespace, the only one in which the
 *     size of the connection tracking table can be set, and the one that /etc/sysctl.d is for
 * @param writable whether settings can be changed here: in most containers /proc/sys is read-only
 */
public record KernelLimits(int lowestPort, boolean firstNamespace, boolean writable) {}
