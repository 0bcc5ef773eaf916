package io.github.portpool.host;

import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A control group (cgroups(7)) that owns sockets.
 *
 * @param path its path below the root of the cgroup v2 hierarchy, beginning with a slash; printable
 *     and at most 256 characters long
 * @param unit the innermost systemd unit of the host that the path names, or empty
 * @param container the first twelve digits of the id of the innermost container that the path
 *     names, or the name of an LXC container, or empty
 * @param pod the uid of the Kubernetes pod that the path names, or empty
 */
public record ControlGroup(String path, String unit, String container, String pod) {
  private static final int MOST_CHARACTERS = 256;
  private static final int SHORT_ID = 12;

  /** The kinds of unit with processes of their own, systemd.unit(5); a slice has none. */
  private static final Set<String> UNIT_TYPES =
      Set.of("service", "scope", "socket", "mount", "swap");

  /**
   * What runtimes call the group of a container: with systemd's driver a scope, with the cgroupfs
   * driver the bare name. Their monitors, {@code crio-conmon-ID.scope}, are no containers.
   */
  private static final Pattern CONTAINER =
      Pattern.compile(
          "(?:docker|cri-containerd|crio|nerdctl|libpod|libpod-payload)-([0-9a-f]{64})(?:\\.scope)?");

  private static final Pattern BARE_ID = Pattern.compile("[0-9a-f]{64}");

  private static final String UID = "([0-9a-f]{8}(?:[-_]?[0-9a-f]{4}){3}[-_]?[0-9a-f]{12})";

  /** The pod's slice of systemd's driver, where the uid has underscores. */
  private static final Pattern POD_SLICE =
      Pattern.compile("(?:.*-)?kubepods(?:-[a-z]+)?-pod" + UID + "\\.slice");

  private static final Pattern POD_DIRECTORY = Pattern.compile("pod" + UID);
  private static final String LXC = "lxc.payload.";

  /** What a path of the cgroup v2 hierarchy names; its text may be anything. */
  public static ControlGroup of(String path) {
    String unit = "";
    String container = "";
    String pod = "";
    String parent = "";
    boolean kubernetes = false;
    boolean inside = false; // what follows is named by a container, not by the host
    for (String name : path.split("/", -1)) {
      kubernetes |= name.equals("kubepods") || name.startsWith("kubepods-");
      String found = container(name, parent, kubernetes);
      if (!found.isEmpty()) {
        container = found;
        inside = true;
      } else if (!inside && isUnit(name)) {
        unit = name;
        inside = isMachine(name);
      }
      Matcher slice = POD_SLICE.matcher(name);
      Matcher directory = POD_DIRECTORY.matcher(name);
      if (slice.matches()) {
        kubernetes = true;
        pod = slice.group(1).replace('_', '-');
      } else if (kubernetes && directory.matches()) {
        pod = directory.group(1).replace('_', '-');
      }
      parent = name;
    }
    return new ControlGroup(printable(path), printable(unit), printable(container), pod);
  }

  /** The pod and the container in words, or else the unit, or else the path. */
  public String place() {
    if (pod.isEmpty() && container.isEmpty()) {
      return unit.isEmpty() ? path : unit;
    }
    String inside = container.isEmpty() ? "" : "container " + container;
    return pod.isEmpty() ? inside : inside.isEmpty() ? "pod " + pod : "pod " + pod + ", " + inside;
  }

  /** The container that a part of a path names, or empty. */
  private static String container(String name, String parent, boolean kubernetes) {
    Matcher scope = CONTAINER.matcher(name);
    if (scope.matches()) {
      return scope.group(1).substring(0, SHORT_ID);
    }
    if ((kubernetes || parent.equals("docker")) && BARE_ID.matcher(name).matches()) {
      return name.substring(0, SHORT_ID);
    }
    return name.startsWith(LXC) ? name.substring(LXC.length()) : "";
  }

  private static boolean isUnit(String name) {
    int dot = name.lastIndexOf('.');
    return dot > 0 && UNIT_TYPES.contains(name.substring(dot + 1));
  }

  /** A container of systemd-nspawn(1), whose own units lie below it. */
  private static boolean isMachine(String unit) {
    return (unit.startsWith("machine-") && unit.endsWith(".scope"))
        || unit.startsWith("systemd-nspawn@");
  }

  private static String printable(String text) {
    return Printable.of(text, MOST_CHARACTERS);
  }
}
