package io.github.portpool.cli;

import io.github.portpool.source.SocketSource;
import io.github.portpool.source.SourceException;
import io.github.portpool.source.oshi.OshiSource;
import io.github.portpool.source.replay.RecordedKernel;
import io.github.portpool.source.sockdiag.SockDiagSource;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.TypeConversionException;

/** Where sockets are read from: {@code auto}, {@code linux}, {@code oshi}, {@code replay:FILE}. */
@FunctionalInterface
interface SourceChoice {
  /** The kernel that this program runs on. */
  SourceChoice THIS_KERNEL = SockDiagSource::live;

  /** The system that this program runs on, through OSHI. */
  SourceChoice OSHI = OshiSource::open;

  /** Opens the source. */
  SocketSource open() throws SourceException;

  /** Whether it is the kernel that this program runs on, of which more than sockets can be read. */
  default boolean isThisKernel() {
    return equals(THIS_KERNEL);
  }

  /** Whether it is this system through OSHI. */
  default boolean isOshi() {
    return equals(OSHI);
  }

  /** Reads the value of {@code --source}. */
  final class Converter implements ITypeConverter<SourceChoice> {
    private static final String REPLAY = "replay:";

    @Override
    public SourceChoice convert(String value) {
      if (value.startsWith(REPLAY) && value.length() > REPLAY.length()) {
        Path file = path(value.substring(REPLAY.length()));
        return () -> RecordedKernel.source(file);
      }
      return switch (value) {
        case "auto" -> isLinux() ? THIS_KERNEL : OSHI;
        case "oshi" -> OSHI;
        case "linux" -> THIS_KERNEL;
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

    private static boolean isLinux() {
      return System.getProperty("os.name", "").equals("Linux");
    }
  }
}
