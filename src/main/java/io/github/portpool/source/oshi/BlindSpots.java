package io.github.portpool.source.oshi;

import io.github.portpool.snapshot.Feature;
import java.util.EnumMap;
import java.util.Map;
import oshi.util.PlatformEnum;

/** What OSHI cannot see on an operating system, each with one sentence that says why. */
final class BlindSpots {
  private static final Map<Feature, String> EVERYWHERE =
      Map.of(
          Feature.BOUND_INACTIVE,
          "OSHI does not list all TCP sockets that are bound and neither listen nor connect, and each"
              + " may close its port, so free ports are upper bounds: on Linux, --source=linux shows"
              + " them",
          Feature.EXPLICIT_BIND,
          "OSHI does not tell whether a program named its port or was given it: on Linux,"
              + " --source=linux does",
          Feature.EXACT_BLOCKED,
          "OSHI does not show which ports bind() has closed to connect(), so headroom is an upper"
              + " bound: on Linux, --source=linux shows most of them");

  private static final Map<Feature, String> MACOS =
      Map.of(
          Feature.EXACT_BLOCKED,
          "macOS gives each connection a port of its own, whatever its destination, so headroom is"
              + " an upper bound: watch the used ports instead",
          Feature.TIME_WAIT,
          "OSHI finds sockets by way of the processes that own them, so it sees none in TIME_WAIT,"
              + " and those of other users only as root, and free ports are upper bounds: run the agent as root",
          Feature.EPHEMERAL_RANGE,
          assumed("let the agent read the sysctls net.inet.ip.portrange.first and last"));

  private static final Map<Feature, String> WINDOWS =
      Map.of(
          Feature.EPHEMERAL_RANGE,
          assumed("let the agent run netsh int ipv4 show dynamicport tcp"));

  private BlindSpots() {}

  /**
   * The sentences for a system; that for {@link Feature#EPHEMERAL_RANGE} holds while it is assumed.
   */
  static Map<Feature, String> on(PlatformEnum system) {
    Map<Feature, String> sentences = new EnumMap<>(EVERYWHERE);
    switch (system) {
      case MACOS -> sentences.putAll(MACOS);
      case WINDOWS -> sentences.putAll(WINDOWS);
      default -> {}
    }
    return sentences;
  }

  private static String assumed(String cure) {
    return "the ephemeral range could not be read, so IANA's 49152-65535 is assumed: " + cure;
  }
}
