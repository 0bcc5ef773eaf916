package io.github.portpool.cli;

import io.github.portpool.access.SourceChoice;
import io.github.portpool.source.SocketSource;
import io.github.portpool.source.SourceException;
import picocli.CommandLine.Option;

/** The option of where sockets are read. */
final class SourceOption {
  @Option(
      names = "--source",
      paramLabel = "SOURCE",
      defaultValue = "auto",
      converter = SourceConverter.class,
      description =
          "Where sockets are read: linux, oshi, replay:FILE, or auto for what suits this system."
              + " Default: ${DEFAULT-VALUE}")
  private SourceChoice choice;

  /** For picocli, which sets the rest. */
  @SuppressWarnings("NullAway.Init")
  SourceOption() {}

  SourceChoice choice() {
    return choice;
  }

  SocketSource open() throws SourceException {
    return choice.open();
  }
}
