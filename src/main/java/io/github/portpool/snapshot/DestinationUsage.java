package io.github.portpool.snapshot;

/**
 * A (source, destination, port) group and its headroom: its sockets compete for the same local
 * ports, because a local port serves one connection of the group at a time.
 *
 * @param source the local address, for example {@code 10.0.0.2}, or {@code 10.0.0.2%3} for sockets
 *     that are bound to the interface with index 3
 * @param destination the remote address and port, for example {@code 10.0.0.1:80} or {@code
 *     [2001:db8::1]:443}
 * @param sockets the sockets of the group on pool ports
 * @param headroom in ports
 * @param flow how fast its connections are closed, unknown where the source does not see ages
 */
public record DestinationUsage(
    Protocol protocol,
    String source,
    String destination,
    int sockets,
    Headroom headroom,
    Flow flow) {}
