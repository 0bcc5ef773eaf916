package io.github.portpool.source.owner;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class UserNamesTest {
  @TempDir Path directory;

  @Test
  void readsTheFileAgainWhenItChanges() throws Exception {
    Path file = directory.resolve("passwd");
    UserNames names = new UserNames(file);
    names.refresh();
    assertEquals("1000", names.name(1000));
    write(file, 1, "root:x:0:0:root:/root:/bin/sh\nann:x:1000:1000::/:\ntwin:x:1000:1::/:\n");
    names.refresh();
    assertEquals("ann", names.name(1000));
    assertEquals("root", names.name(0));
    write(file, 2, "eve:x:1000:1000::/:");
    assertEquals("ann", names.name(1000));
    names.refresh();
    assertEquals("eve", names.name(1000));
    Files.delete(file);
    names.refresh();
    assertEquals("1000", names.name(1000));
    assertEquals("4294967294", names.name(-2));
  }

  @Test
  void hostileLinesAreNoUsers() throws Exception {
    Path file = directory.resolve("passwd");
    write(
        file,
        1,
        "+::::::\n:x:1:1::/:\nx:x:-1:1::/:\ny:x:99999999999:1::/:\nz\n\u0001b:x:5:5::/:\n"
            + "c".repeat(300)
            + ":x:6:6::/:\n\nd:x:7:7:\u0000");
    UserNames names = new UserNames(file);
    names.refresh();
    assertEquals("1", names.name(1));
    assertEquals("\\u0001b", names.name(5));
    assertEquals("c".repeat(63) + "…", names.name(6));
    assertEquals("d", names.name(7));
  }

  private static void write(Path file, int second, String text) throws Exception {
    Files.writeString(file, text);
    Files.setLastModifiedTime(file, FileTime.fromMillis(second * 1000L));
  }
}
