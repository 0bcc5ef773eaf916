package io.github.portpool.source.failures;

import io.github.portpool.host.Trouble;
import io.github.portpool.linux.Errno;
import io.github.portpool.linux.MalformedMessageException;
import io.github.portpool.linux.SystemCallException;
import io.github.portpool.linux.Tracefs;
import io.github.portpool.linux.TracepointFormat;
import io.github.portpool.source.SourceException;
import io.github.portpool.source.SourceException.Reason;
import java.io.IOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.List;

/**
 * The tracepoint sock:inet_sock_set_state, {@code include/trace/events/sock.h}, since Linux 4.16.
 *
 * @param id its number
 * @param portAt where {@code u16 dport} is, in host order
 * @param addressAt where {@code u8 daddr_v6[16]} is, v4-mapped for IPv4
 * @param rawBytes how long a record is at least
 */
record StateChange(int id, int portAt, int addressAt, int rawBytes) {
  private static final String NAME = "sock/inet_sock_set_state";
  private static final int ADDRESS_BYTES = 16;

  /**
   * Looks the tracepoint up.
   *
   * @param tracefs where tracefs may be mounted
   */
  static StateChange find(List<Path> tracefs) throws SourceException {
    try (Tracefs files = Tracefs.open(tracefs)) {
      return of(files.format(NAME));
    } catch (SystemCallException e) {
      throw refused(
          Errno.ENODEV.is(e.errno())
              ? "this kernel was built without tracepoints (" + Trouble.reason(e) + ")"
              : "tracefs is not mounted, and the agent may not do it ("
                  + Trouble.reason(e)
                  + "): mount -t tracefs tracefs /sys/kernel/tracing, and give it CAP_PERFMON and"
                  + " CAP_DAC_READ_SEARCH",
          e);
    } catch (NoSuchFileException e) {
      throw refused(
          "this kernel has no tracepoint sock:inet_sock_set_state: it takes Linux 4.16 or later",
          e);
    } catch (AccessDeniedException e) {
      throw refused(
          "the agent may not read " + e.getFile() + ": give it CAP_PERFMON and CAP_DAC_READ_SEARCH",
          e);
    } catch (IOException e) {
      throw refused("tracefs cannot be read (" + Trouble.reason(e) + "): allow it", e);
    }
  }

  /** Reads the tracepoint's format file. */
  static StateChange of(String text) throws SourceException {
    try {
      TracepointFormat format = new TracepointFormat(text);
      for (String state : List.of("oldstate", "newstate")) {
        format.offset(state, Integer.BYTES);
      }
      int port = format.offset("dport", Short.BYTES);
      int address = format.offset("daddr_v6", ADDRESS_BYTES);
      return new StateChange(
          format.id(), port, address, Math.max(port + Short.BYTES, address + ADDRESS_BYTES));
    } catch (MalformedMessageException e) {
      throw refused(
          "this kernel's tracepoint sock:inet_sock_set_state is not understood ("
              + Trouble.reason(e)
              + "): report it with "
              + "/sys/kernel/tracing/events/sock/inet_sock_set_state/format",
          e);
    }
  }

  /**
   * The change of a socket that wanted to connect, from SYN_SENT to CLOSE, without ever having got
   * a local port.
   *
   * <p>A connection that is refused or times out has one, and so has a socket whose program named
   * it. An MPTCP socket makes the change together with the TCP socket inside it, which alone is
   * counted, by its protocol.
   */
  static String filter(int family) {
    return "oldstate == 2 && newstate == 7 && sport == 0 && protocol == 6 && family == " + family;
  }

  private static SourceException refused(String sentence, Exception cause) {
    return new SourceException(
        Reason.SOCKET,
        "connect() calls that fail for lack of a port are not counted: " + sentence,
        cause);
  }
}
