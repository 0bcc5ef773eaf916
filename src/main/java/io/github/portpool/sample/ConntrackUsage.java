package io.github.portpool.sample;

import io.github.portpool.host.Conntrack;
import io.github.portpool.snapshot.Protocol;
import java.util.Map;

/**
 * The connection tracking table of one network namespace.
 *
 * @param table how full it is
 * @param natWorstUsed the ports of the worst (NAT address, server, port) group of each protocol;
 *     empty before the first dump, and where none is asked for
 */
public record ConntrackUsage(Conntrack table, Map<Protocol, Integer> natWorstUsed) {}
