package io.github.portpool.host;

import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** The release of a Linux kernel, as far as it decides what the kernel shows. */
public record KernelRelease(int major, int minor) {
  /** The newest one that the tests have run on: {@code src/docs/kernels.md}. */
  public static final KernelRelease NEWEST_TRIED = new KernelRelease(7, 2);

  /** What is not understood: older than any other. */
  public static final KernelRelease UNKNOWN = new KernelRelease(0, 0);

  private static final Pattern RELEASE = Pattern.compile("(\\d{1,9})\\.(\\d{1,9})(\\D.*)?");

  /** The release in a text such as {@code 6.1.0-50-amd64}, the sysctl {@code kernel.osrelease}. */
  public static KernelRelease of(String text) {
    Matcher release = RELEASE.matcher(text);
    return release.matches()
        ? new KernelRelease(Integer.parseInt(release.group(1)), Integer.parseInt(release.group(2)))
        : UNKNOWN;
  }

  /** Whether it is a release or a later one. */
  public boolean isAtLeast(int otherMajor, int otherMinor) {
    return major > otherMajor || (major == otherMajor && minor >= otherMinor);
  }

  /** Whether nobody has seen yet what it shows. */
  public boolean isUntried() {
    return isAtLeast(NEWEST_TRIED.major, NEWEST_TRIED.minor + 1);
  }

  @Override
  public String toString() {
    return major + "." + minor;
  }
}
