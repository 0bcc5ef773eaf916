package io.github.portpool.cli;

import io.github.portpool.access.SourceChoice;
import picocli.CommandLine.Option;

/** The option of where sockets are read. */
final class SourceOption {
  @Option(
      names = "--source",
      paramLabel = "SOURCE",
      defaultValue = "auto",
      converter = SourceConverter.class,
      completionCandidates = SourceConverter.Names.class,
      description =
          "Where sockets are read: ${COMPLETION-CANDIDATES}, replay:FILE, or auto for what suits"
              + " this system. Default: ${DEFAULT-VALUE}")
  private SourceChoice choice;

  SourceChoice choice() {
    return choice;
  }
}
