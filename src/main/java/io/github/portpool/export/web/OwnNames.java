package io.github.portpool.export.web;

import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;

/**
 * The names of this host: the short one and, where the resolver knows it, the full one.
 *
 * <p>They are asked for when somebody first uses a name, because a resolver may take its time.
 */
public final class OwnNames {
  private OwnNames() {}

  private static final class Holder {
    private static final Set<String> NAMES = read();

    private static Set<String> read() {
      try {
        InetAddress local = InetAddress.getLocalHost();
        Set<String> names = new HashSet<>();
        for (String name : List.of(local.getHostName(), local.getCanonicalHostName())) {
          names.add(name.toLowerCase(Locale.ROOT));
        }
        return names;
      } catch (UnknownHostException e) {
        return Set.of();
      }
    }
  }

  /** Whether a name in lower case is one of them. */
  public static boolean contain(String name) {
    return Holder.NAMES.contains(name);
  }
}
