package io.github.portpool.host;

/**
 * A process that holds a socket.
 *
 * @param pid its id in the agent's PID namespace
 * @param name its name as in /proc/PID/comm, 15 bytes at most, chosen by the process itself
 * @param user the name of the user that made the socket, or the number where it has no name
 */
public record OwningProcess(int pid, String name, String user) {}
