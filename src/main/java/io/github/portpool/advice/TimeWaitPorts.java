package io.github.portpool.advice;

import io.github.portpool.table.Destination;

/**
 * The TIME_WAIT sockets toward one destination.
 *
 * @param sockets how many
 * @param ports the ports that they hold: those of the sockets that connect() may not reuse
 */
record TimeWaitPorts(Destination destination, int sockets, int ports) {}
