package io.github.portpool.snapshot;

/**
 * A listener inside the ephemeral range.
 *
 * @param reserved whether its port is reserved, so that no client is given it first
 * @param lasting whether it has been there for a minute, and is no port that a program took at
 *     random for a moment
 * @param inode the inode number of the socket, or 0 where the source does not know it
 * @param uid the user id of the socket
 * @param controlGroup the id of the control group that made the socket, or 0
 */
public record PoolListener(
    Protocol protocol,
    int port,
    boolean reserved,
    boolean lasting,
    long inode,
    int uid,
    long controlGroup) {}
