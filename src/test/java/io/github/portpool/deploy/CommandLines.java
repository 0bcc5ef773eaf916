package io.github.portpool.deploy;

import io.github.portpool.cli.PortpoolCommand;
import java.util.List;
import picocli.CommandLine;

/** The program's own view of command lines that are shipped. */
final class CommandLines {
  private CommandLines() {}

  /** Fails the test unless the program understands the arguments. */
  static void check(List<String> arguments) {
    new CommandLine(new PortpoolCommand())
        .setCaseInsensitiveEnumValuesAllowed(true)
        .parseArgs(arguments.toArray(String[]::new));
  }
}
