package io.github.portpool.linux;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.parallel.Isolated;

@EnabledOnOs(OS.LINUX)
@Isolated("it counts memory of this process")
class FilePagesTest {
  private static long residentKilobytes(String kind) throws IOException {
    return Files.readAllLines(Path.of("/proc/self/status")).stream()
        .filter(line -> line.startsWith(kind + ":"))
        .mapToLong(line -> Long.parseLong(line.replaceAll("\\D", "")))
        .findFirst()
        .orElseThrow();
  }

  @Test
  void givesBackPagesOfFilesAndNothingElse() throws Exception {
    byte[] mine = new byte[1 << 20];
    Arrays.fill(mine, (byte) 7);
    long files = residentKilobytes("RssFile");
    FilePages.giveBack();
    assertTrue(residentKilobytes("RssFile") < files - 1024, "nothing was given back");
    FilePages.giveBack();
    for (byte each : mine) {
      assertEquals(7, each);
    }
    System.gc(); // code that has to come back
  }
}
