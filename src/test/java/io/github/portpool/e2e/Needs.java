package io.github.portpool.e2e;

import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Assumptions;

/** What a test cannot do without; it is skipped with a reason where that is missing. */
public final class Needs {
  private Needs() {}

  /** An installed program. */
  public static void program(String path, String debianPackage) {
    Assumptions.assumeTrue(
        Files.isExecutable(Path.of(path)),
        path + " is missing: install the Debian package " + debianPackage);
  }

  /** A file of an installed package. */
  public static void file(String path, String debianPackage) {
    Assumptions.assumeTrue(
        Files.exists(Path.of(path)),
        path + " is missing: install the Debian package " + debianPackage);
  }

  /** The right to become another user. */
  public static void root() {
    Assumptions.assumeTrue(
        System.getProperty("user.name").equals("root"), "cannot become another user: run as root");
  }
}
