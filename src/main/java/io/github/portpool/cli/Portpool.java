package io.github.portpool.cli;

import io.github.portpool.daemon.LastingLog;
import java.util.Locale;

/** The program: from the command line to a command, nothing else. */
public final class Portpool {
  private Portpool() {}

  /** Runs a command and exits with its code. */
  public static void main(String[] args) {
    // Numbers, dates and upper case are the same for people and machines everywhere.
    Locale.setDefault(Locale.ROOT);
    // A client that shakes hands again and again would cost much more than it spends.
    System.setProperty("jdk.tls.rejectClientInitiatedRenegotiation", "true");
    // Set before anything logs: LogManager reads it once.
    System.setProperty("java.util.logging.manager", LastingLog.class.getName());
    System.exit(PortpoolCommand.execute(args));
  }
}
