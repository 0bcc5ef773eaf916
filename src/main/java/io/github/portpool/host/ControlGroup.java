package io.github.portpool.host;

/**
 * A control group (cgroups(7)) that owns sockets.
 *
 * @param path its path below the root of the cgroup v2 hierarchy, beginning with a slash
 * @param unit the systemd unit that the path names, or empty
 * @param container the first twelve digits of the id of the container that the path names, or empty
 * @param pod the uid of the Kubernetes pod that the path names, or empty
 */
public record ControlGroup(String path, String unit, String container, String pod) {}
