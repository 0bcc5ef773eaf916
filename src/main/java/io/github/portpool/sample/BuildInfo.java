package io.github.portpool.sample;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.Properties;

/**
 * What this program is.
 *
 * @param version the version, for example {@code 0.1.0}
 * @param revision the short commit id that it was built from, or {@code unknown}
 */
public record BuildInfo(String version, String revision) {
  private static final BuildInfo CURRENT = load();

  /** The program that is running. */
  public static BuildInfo current() {
    return CURRENT;
  }

  private static BuildInfo load() {
    Properties build = new Properties();
    try (InputStream in = BuildInfo.class.getResourceAsStream("/portpool-build.properties")) {
      if (in != null) {
        build.load(in);
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return new BuildInfo(
        build.getProperty("version", "unknown"), build.getProperty("revision", "unknown"));
  }

  /** The version of Java that runs it. */
  public String java() {
    return Runtime.version().toString();
  }
}
