package io.github.portpool.sample;

import io.github.portpool.snapshot.Protocol;

/**
 * A control group by its names, and the pool ports that its sockets hold.
 *
 * @param path its path, or {@code ownerless} for sockets that the kernel alone holds, or {@code
 *     id:} and the number of one that is gone or hidden, or whose path another one has now
 * @param unit the systemd unit that the path names, or empty
 * @param container the container that the path names, or empty
 * @param pod the Kubernetes pod that the path names, or empty
 */
public record NamedOwner(
    Protocol protocol, String path, String unit, String container, String pod, int ports) {}
