package io.github.portpool.sample;

import java.time.Instant;

/**
 * The agent's own network namespace over ten seconds of the last hour, or longer where samples come
 * less often: the highest of the samples.
 *
 * @param time when its first sample began
 * @param capacity ports of the pool
 * @param tcpWorstUsed ports that the worst TCP destination could not use
 * @param tcpUsed pool ports with a TCP socket
 * @param tcpBlocked pool ports closed to every connect()
 * @param udpUsed pool ports with a UDP socket
 * @param timeWait TCP sockets in TIME_WAIT on pool ports
 * @param failedConnects connect() calls that failed for lack of a port meanwhile, on the whole host
 */
public record TrendPoint(
    Instant time,
    int capacity,
    int tcpWorstUsed,
    int tcpUsed,
    int tcpBlocked,
    int udpUsed,
    int timeWait,
    long failedConnects) {}
