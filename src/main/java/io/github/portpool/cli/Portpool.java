package io.github.portpool.cli;

import io.github.portpool.daemon.LastingLog;

/** The program: from the command line to a command, nothing else. */
public final class Portpool {
  private Portpool() {}

  /** Runs a command and exits with its code. */
  public static void main(String[] args) {
    // Set before anything logs: LogManager reads it once.
    System.setProperty("java.util.logging.manager", LastingLog.class.getName());
    System.exit(PortpoolCommand.execute(args));
  }
}
