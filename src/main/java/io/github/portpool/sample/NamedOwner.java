package io.github.portpool.sample;

import io.github.portpool.host.ControlGroup;
import io.github.portpool.snapshot.Protocol;

/**
 * A control group by its names, and the pool ports that its sockets hold.
 *
 * @param group with the path {@code ownerless} for sockets that the kernel alone holds, or {@code
 *     id:} and the number of one that is gone or hidden, or whose path another one has now
 */
public record NamedOwner(Protocol protocol, ControlGroup group, int ports) {}
