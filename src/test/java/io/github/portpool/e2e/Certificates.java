package io.github.portpool.e2e;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** Certificates of an authority of a test's own, made by openssl(1). */
public final class Certificates {
  private final Path folder;

  /** An authority, {@code ca.crt} and {@code ca.key} in a folder. */
  public Certificates(Path folder) throws Exception {
    Needs.program("/usr/bin/openssl", "openssl");
    this.folder = folder;
    authority("ca");
  }

  /** One more authority. */
  public void authority(String name) throws Exception {
    openssl(
        "req -x509 -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes -days 30 -subj /CN=%1$s"
                .formatted(name)
            + " -keyout %1$s.key -out %1$s.crt".formatted(name));
  }

  /** A key, as openssl makes it with the arguments; {@code NAME.key}. */
  public void key(String name, String arguments) throws Exception {
    openssl(arguments + " -out " + name + ".key");
  }

  /**
   * A certificate for the key of that name, {@code NAME.crt}.
   *
   * @param authority who issues it
   * @param days how long it is valid; it has expired when there are none
   * @param names its subject alternative names, such as {@code IP:127.0.0.1}
   */
  public void certificate(String name, String authority, int days, String names) throws Exception {
    openssl("req -new -key %1$s.key -subj /CN=%1$s -out %1$s.csr".formatted(name));
    Files.writeString(file(name + ".ext"), "subjectAltName=" + names + "\n");
    openssl(
        "x509 -req -in %1$s.csr -extfile %1$s.ext -out %1$s.crt".formatted(name)
            + " -CA %1$s.crt -CAkey %1$s.key -CAcreateserial -days ".formatted(authority)
            + (days > 0 ? days : -1));
  }

  /** A key of an elliptic curve with a certificate for this host, valid for some days. */
  public void server(String name, int days) throws Exception {
    key(name, "genpkey -algorithm EC -pkeyopt ec_paramgen_curve:P-256");
    certificate(name, "ca", days, "DNS:localhost,IP:127.0.0.1");
  }

  /** A file in the folder. */
  public Path file(String name) {
    return folder.resolve(name);
  }

  private void openssl(String arguments) throws Exception {
    List<String> command = new ArrayList<>(List.of("/usr/bin/openssl"));
    command.addAll(List.of(arguments.split(" ")));
    Program.Outcome outcome = Program.run(new ProcessBuilder(command).directory(folder.toFile()));
    if (outcome.exitCode() != 0) {
      throw new AssertionError(command + ": " + outcome.err());
    }
  }
}
