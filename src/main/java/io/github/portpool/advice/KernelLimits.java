package io.github.portpool.advice;

/**
 * What the kernel allows here of the settings that a fix may change.
 *
 * @param lowestPort the lowest port that the ephemeral range may begin with: {@code
 *     ip_unprivileged_port_start}
 * @param firstNamespace whether this is the host's own network namespace, the only one in which the
 *     size of the connection tracking table can be set, and the one that /etc/sysctl.d is for
 * @param obstacle why settings cannot be changed here, and where they can, or empty
 */
public record KernelLimits(int lowestPort, boolean firstNamespace, String obstacle) {
  /** In most containers. */
  public static final String READ_ONLY =
      "/proc/sys is read-only here: make the change where this container is made, or on the host"
          + " behind nsenter --net --target=PID";

  /** Where sockets are read by another way than the kernel of this host. */
  public static final KernelLimits ELSEWHERE =
      new KernelLimits(0, false, "Where these sockets are, if that is Linux, make the change");
}
