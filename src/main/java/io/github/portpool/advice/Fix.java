package io.github.portpool.advice;

/**
 * A command that fixes something.
 *
 * @param command what to run now, as root, in the network namespace that was looked at
 * @param lasting what keeps it over a reboot, or empty where nothing is lost by one
 */
public record Fix(String command, String lasting) {
  // After Debian's 99-sysctl.conf: of two files that set the same, the last by name wins.
  static final String FILE = "/etc/sysctl.d/zz-portpool.conf";

  /** Sets a sysctl of {@code net.ipv4}, sysctl(8); sysctl.d(5). */
  static Fix sysctl(String name, String value) {
    return setting("net.ipv4." + name + "=" + value);
  }

  /** Sets a sysctl by its full name: {@code NAME=VALUE}. */
  static Fix setting(String setting) {
    String quoted = setting.indexOf(' ') < 0 ? setting : "'" + setting + "'";
    return new Fix("sysctl -w " + quoted, "echo '" + setting + "' >> " + FILE);
  }

  /** The same where /etc/sysctl.d is of another network namespace. */
  Fix withoutLasting() {
    return new Fix(command, "");
  }

  /** Does something once. */
  static Fix once(String command) {
    return new Fix(command, "");
  }
}
