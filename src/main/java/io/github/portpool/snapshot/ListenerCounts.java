package io.github.portpool.snapshot;

import java.util.Map;

/**
 * The listeners of one protocol.
 *
 * @param sockets listening sockets per range of RFC 6335
 * @param ports distinct ports listened on, per range of RFC 6335
 * @param reservedInRange listening sockets inside the ephemeral range on reserved ports
 * @param unreservedInRange those on ports that a client may be given first
 */
public record ListenerCounts(
    Map<IanaRange, Integer> sockets,
    Map<IanaRange, Integer> ports,
    int reservedInRange,
    int unreservedInRange) {}
