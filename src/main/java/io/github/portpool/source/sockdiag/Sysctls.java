package io.github.portpool.source.sockdiag;

import java.io.IOException;
import java.util.Optional;

/** The settings of a Linux kernel, running or recorded. */
@FunctionalInterface
public interface Sysctls {
  /**
   * The text of a sysctl such as {@code net/ipv4/tcp_tw_reuse}, or empty where the kernel has none.
   *
   * @throws IOException when it is there and cannot be read
   */
  Optional<String> sysctl(String name) throws IOException;
}
