package io.github.portpool.pool;

import io.github.portpool.table.Destination;

/**
 * A (source, destination, port) group and its headroom.
 *
 * @param sockets the sockets of the group on pool ports
 */
public record DestinationUsage(Destination destination, int sockets, Headroom headroom) {}
