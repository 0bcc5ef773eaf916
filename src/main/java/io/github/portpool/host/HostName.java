package io.github.portpool.host;

import java.io.IOException;
import java.nio.file.Path;
import java.util.Map;

/** The name of this host, as its kernel has it: no resolver is asked, which may take seconds. */
public final class HostName {
  private static final Path KERNELS = Path.of("/proc/sys/kernel/hostname");

  private HostName() {}

  /** The name now, for it may change; empty where nobody says it. */
  public static String current() {
    try {
      return TextFile.read(KERNELS).strip();
    } catch (IOException e) {
      Map<String, String> environment = System.getenv(); // of Windows and of shells elsewhere
      return environment.getOrDefault("COMPUTERNAME", environment.getOrDefault("HOSTNAME", ""));
    }
  }
}
