package io.github.portpool.source.owner;

import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * What the agent may do, by its /proc/PID/status: proc_pid_status(5).
 *
 * @param uid its effective user id
 * @param capabilities its effective capabilities, a bit for each
 */
record Rights(int uid, long capabilities) {
  // include/uapi/linux/capability.h
  private static final int CAP_DAC_OVERRIDE = 1;
  private static final int CAP_DAC_READ_SEARCH = 2;
  private static final int CAP_SYS_PTRACE = 19;

  private static final Pattern UID = Pattern.compile("(?m)^Uid:\\t\\d+\\t(\\d{1,10})\\t");
  private static final Pattern CAPABILITIES = Pattern.compile("(?m)^CapEff:\\t([0-9a-f]{1,16})$");

  /** The rights in a text; what it does not tell is none. */
  static Rights of(String status) {
    Matcher uid = UID.matcher(status);
    Matcher capabilities = CAPABILITIES.matcher(status);
    return new Rights(
        uid.find() ? (int) Long.parseLong(uid.group(1)) : -1,
        capabilities.find() ? Long.parseUnsignedLong(capabilities.group(1), 16) : 0);
  }

  /** Whether the descriptors of every user's processes can be read. */
  boolean seesAllProcesses() {
    return has(CAP_SYS_PTRACE) && (has(CAP_DAC_READ_SEARCH) || has(CAP_DAC_OVERRIDE));
  }

  private boolean has(int capability) {
    return (capabilities >>> capability & 1) != 0;
  }
}
