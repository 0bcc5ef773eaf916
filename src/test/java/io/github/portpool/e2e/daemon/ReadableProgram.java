package io.github.portpool.e2e.daemon;

import java.io.File;
import java.io.IOException;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;

/** A copy of the program's classes that every user may read. */
final class ReadableProgram {
  private ReadableProgram() {}

  /** Copies the class path of this JVM below a directory and returns that of the copy. */
  static String copyTo(Path readable) throws IOException {
    open(readable);
    List<String> copies = new ArrayList<>();
    for (String entry : System.getProperty("java.class.path").split(File.pathSeparator, -1)) {
      copies.add(copy(Path.of(entry), readable.resolve(String.valueOf(copies.size()))).toString());
    }
    return String.join(File.pathSeparator, copies);
  }

  private static void open(Path directory) throws IOException {
    Files.setPosixFilePermissions(directory, PosixFilePermissions.fromString("rwxr-xr-x"));
  }

  private static Path copy(Path from, Path to) throws IOException {
    if (Files.isRegularFile(from)) {
      Path jar = Path.of(to + ".jar");
      Files.copy(from, jar);
      Files.setPosixFilePermissions(jar, PosixFilePermissions.fromString("rw-r--r--"));
      return jar;
    }
    if (Files.isDirectory(from)) {
      copyTree(from, to);
    }
    return to;
  }

  private static void copyTree(Path from, Path to) throws IOException {
    Files.walkFileTree(
        from,
        new SimpleFileVisitor<>() {
          @Override
          public FileVisitResult preVisitDirectory(Path directory, BasicFileAttributes attributes)
              throws IOException {
            open(Files.createDirectories(to.resolve(from.relativize(directory))));
            return FileVisitResult.CONTINUE;
          }

          @Override
          public FileVisitResult visitFile(Path file, BasicFileAttributes attributes)
              throws IOException {
            Path copy = Files.copy(file, to.resolve(from.relativize(file)));
            Files.setPosixFilePermissions(copy, PosixFilePermissions.fromString("rw-r--r--"));
            return FileVisitResult.CONTINUE;
          }
        });
  }
}
