package io.github.portpool.export.web.pages;

import io.github.portpool.lookup.LookupException;
import io.github.portpool.lookup.PortReport;
import io.github.portpool.lookup.SocketsReport;
import io.github.portpool.sample.PortMap;
import io.github.portpool.sample.SampleReport;
import io.github.portpool.sample.TrendPoint;
import java.util.List;
import java.util.function.Supplier;

/**
 * What the pages ask the running agent.
 *
 * @param netns the inode number of the network namespace it is in, 0 where that is not known
 * @param report how sampling goes
 * @param trend the last hour, the oldest point first
 * @param map what the last sample saw on each port
 * @param ports what is on a port now
 * @param listeners who waits for strangers now
 */
public record Agent(
    long netns,
    Supplier<SampleReport> report,
    Supplier<List<TrendPoint>> trend,
    MapQuestion map,
    PortQuestion ports,
    ListenersQuestion listeners) {

  /** A question whose answer may have to be waited for. */
  @FunctionalInterface
  public interface MapQuestion {
    /** Asks, and waits. */
    PortMap ask() throws LookupException, InterruptedException;
  }

  /** A question whose answer may have to be waited for. */
  @FunctionalInterface
  public interface ListenersQuestion {
    /** Asks, and waits. */
    SocketsReport ask() throws LookupException, InterruptedException;
  }

  /** A question about a port, whose answer may have to be waited for. */
  @FunctionalInterface
  public interface PortQuestion {
    /**
     * Asks, and waits.
     *
     * @param port 0 to 65535
     */
    PortReport ask(int port) throws LookupException, InterruptedException;
  }
}
