package io.github.portpool.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.DisabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;

/** What a file with the addresses of a host must not be: open to others, or somewhere else. */
@DisabledOnOs(OS.WINDOWS)
class PrivateFileTest {
  @TempDir private Path folder;

  private static void write(Path path, String text) throws IOException {
    try (PrivateFile file = PrivateFile.create(path)) {
      file.out().write(text.getBytes(StandardCharsets.UTF_8));
      file.complete();
    }
  }

  private List<String> names() throws IOException {
    try (Stream<Path> files = Files.list(folder)) {
      return files.map(file -> file.getFileName().toString()).sorted().toList();
    }
  }

  @Test
  void onlyItsOwnerReadsIt() throws IOException {
    Path path = folder.resolve("sockets.bin");
    write(path, "new");
    assertEquals("new", Files.readString(path));
    assertEquals("rw-------", mode(path));
  }

  @Test
  void oneThatIsThereIsReplacedWithItsRights() throws IOException {
    Path path = Files.writeString(folder.resolve("sockets.bin"), "a longer text of before");
    Files.setPosixFilePermissions(path, PosixFilePermissions.fromString("rw-rw-rw-"));
    write(path, "new");
    assertEquals("new", Files.readString(path));
    assertEquals("rw-------", mode(path));
    assertEquals(List.of("sockets.bin"), names());
  }

  @Test
  void nothingIsWrittenThroughASymbolicLink() throws IOException {
    Path target = Files.writeString(folder.resolve("target"), "of somebody");
    Path link = Files.createSymbolicLink(folder.resolve("sockets.bin"), target);
    FileSystemException refused = assertThrows(FileSystemException.class, () -> write(link, "new"));
    assertEquals("it is a symbolic link: name the file that it leads to", refused.getReason());
    assertEquals("of somebody", Files.readString(target));
  }

  @Test
  void oneThatIsNotWholeIsGone() throws IOException {
    Path path = Files.writeString(folder.resolve("sockets.bin"), "of before");
    try (PrivateFile file = PrivateFile.create(path)) {
      file.out().write(1);
    }
    assertEquals("of before", Files.readString(path));
    assertEquals(List.of("sockets.bin"), names());
  }

  private static String mode(Path path) throws IOException {
    return PosixFilePermissions.toString(Files.getPosixFilePermissions(path));
  }
}
