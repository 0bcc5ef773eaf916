package io.github.portpool.cli;

import io.github.portpool.access.SourceChoice;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.ArrayList;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.Option;
import picocli.CommandLine.TypeConversionException;

/** The option of where sockets are read. */
final class SourceOption {
  @Option(
      names = "--source",
      paramLabel = "SOURCE",
      defaultValue = "auto",
      converter = Converter.class,
      completionCandidates = Names.class,
      description =
          "Where sockets are read: ${COMPLETION-CANDIDATES}, replay:FILE, or auto for what suits"
              + " this system. Default: ${DEFAULT-VALUE}")
  private SourceChoice choice;

  SourceChoice choice() {
    return choice;
  }

  /** Whether it is what suits this system, and nobody asked for another. */
  boolean isUsual() {
    return choice.equals(SourceChoice.best());
  }

  /** The sources that have a name alone, for the text of help. */
  static final class Names extends ArrayList<String> {
    private static final long serialVersionUID = 1;

    Names() {
      super(SourceChoice.ALL.stream().map(SourceChoice::name).toList());
    }
  }

  /** Reads {@code auto}, the name of a source, {@code replay:FILE}. */
  static final class Converter implements ITypeConverter<SourceChoice> {
    private static final String REPLAY = "replay:";

    @Override
    public SourceChoice convert(String value) {
      if (value.startsWith(REPLAY) && value.length() > REPLAY.length()) {
        return SourceChoice.replay(path(value.substring(REPLAY.length())));
      }
      if (value.equals("auto")) {
        return SourceChoice.best();
      }
      return SourceChoice.ALL.stream()
          .filter(choice -> choice.name().equals(value))
          .findFirst()
          .orElseThrow(() ->
              new TypeConversionException(
                  "'%s' is not a source: choose auto, %s or replay:FILE"
                      .formatted(value, String.join(", ", new Names()))));
    }

    private static Path path(String file) {
      try {
        return Path.of(file);
      } catch (InvalidPathException e) {
        throw new TypeConversionException("'" + file + "' is not the name of a file");
      }
    }
  }
}
