package io.github.portpool.cli;

import io.github.portpool.access.SourceChoice;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.TypeConversionException;

/** Reads {@code --source}: {@code auto}, {@code linux}, {@code oshi}, {@code replay:FILE}. */
final class SourceConverter implements ITypeConverter<SourceChoice> {
  private static final String REPLAY = "replay:";

  @Override
  public SourceChoice convert(String value) {
    if (value.startsWith(REPLAY) && value.length() > REPLAY.length()) {
      return SourceChoice.replay(path(value.substring(REPLAY.length())));
    }
    return switch (value) {
      case "auto" -> SourceChoice.ofThisSystem();
      case "oshi" -> SourceChoice.OSHI;
      case "linux" -> SourceChoice.THIS_KERNEL;
      default ->
          throw new TypeConversionException(
              "'" + value + "' is not a source: choose auto, linux, oshi or replay:FILE");
    };
  }

  private static Path path(String file) {
    try {
      return Path.of(file);
    } catch (InvalidPathException e) {
      throw new TypeConversionException("'" + file + "' is not the name of a file");
    }
  }
}
