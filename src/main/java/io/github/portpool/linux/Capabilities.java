package io.github.portpool.linux;

import java.io.IOException;
import java.nio.file.Path;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** The capabilities that this thread has in effect, capabilities(7). */
public final class Capabilities {
  // include/uapi/linux/capability.h
  public static final int CAP_DAC_READ_SEARCH = 2;
  public static final int CAP_SYS_PTRACE = 19;

  private static final Pattern EFFECTIVE = Pattern.compile("(?m)^CapEff:\\s+([0-9a-f]{1,16})$");

  private final long bits;

  private Capabilities(long bits) {
    this.bits = bits;
  }

  /** Those of the calling thread; none where /proc does not tell. */
  public static Capabilities effective() {
    try (ProcFile status = new ProcFile(Path.of("/proc/thread-self/status"))) {
      return parse(status.read());
    } catch (IOException e) {
      return new Capabilities(0);
    }
  }

  /** Those that the text of /proc/PID/status names. */
  static Capabilities parse(String status) {
    Matcher matcher = EFFECTIVE.matcher(status);
    return new Capabilities(matcher.find() ? Long.parseUnsignedLong(matcher.group(1), 16) : 0);
  }

  /** Whether a capability is among them. */
  public boolean has(int capability) {
    return (bits >>> capability & 1) != 0;
  }
}
