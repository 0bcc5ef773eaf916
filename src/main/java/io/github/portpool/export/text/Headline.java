package io.github.portpool.export.text;

import io.github.portpool.lookup.FoundSocket;
import io.github.portpool.lookup.FoundSocket.Endpoint;
import io.github.portpool.lookup.PortReport;
import java.util.List;
import java.util.Objects;
import java.util.stream.Collectors;

/** The answer in one sentence: who has a port, and what for. */
public final class Headline {
  private static final int MOST_ADDRESSES = 8;

  private Headline() {}

  /**
   * The sentence for a port; of several owners it names the first, and counts the other sockets.
   */
  public static String of(PortReport report) {
    List<FoundSocket> sockets = report.sockets();
    if (sockets.isEmpty()) {
      return "Port " + report.port() + ": nothing is there now.";
    }
    FoundSocket first = sockets.getFirst();
    List<FoundSocket> alike = sockets.stream().filter(socket -> isLike(first, socket)).toList();
    long others = (long) sockets.size() - alike.size() + report.untracked();
    return "Port %d/%s: %s%s%s"
        .formatted(
            report.port(),
            first.protocol().label(),
            said(first, alike),
            first.onHost() ? "" : ", in network namespace " + first.netns(),
            others == 0
                ? ""
                : others == 1
                    ? "; 1 more socket is there"
                    : "; %,d more sockets are there".formatted(others));
  }

  /** Whether one sentence serves for both. */
  private static boolean isLike(FoundSocket first, FoundSocket other) {
    return other.protocol() == first.protocol()
        && other.state() == first.state()
        && other.netns().equals(first.netns())
        && other.user().equals(first.user())
        && Objects.equals(other.process(), first.process())
        && (!first.ownerless() || other.equals(first));
  }

  private static String said(FoundSocket first, List<FoundSocket> alike) {
    if (first.ownerless()) {
      return "no process has it, the kernel alone holds a closed connection to %s%s"
          .formatted(first.remote(), SocketRows.remaining(first));
    }
    String owner = OwnerWords.of(first);
    return switch (first.state()) {
      case LISTEN -> owner + " listens on " + addresses(alike);
      case UNCONNECTED -> owner + " receives on " + addresses(alike);
      case BOUND -> owner + " has bound " + addresses(alike) + " and neither listens nor connects";
      case ESTABLISHED -> owner + " is connected to " + peers(alike);
      default -> owner + " has a connection in " + first.state().label() + " to " + peers(alike);
    };
  }

  private static String addresses(List<FoundSocket> sockets) {
    return listed(
        sockets.stream()
            .map(socket -> bracketed(socket.local()) + (socket.v6only() ? " (IPv6 alone)" : ""))
            .distinct()
            .toList());
  }

  private static String bracketed(Endpoint endpoint) {
    String address = endpoint.address();
    return address.indexOf(':') >= 0 ? "[" + address + "]" : address;
  }

  private static String peers(List<FoundSocket> sockets) {
    return listed(
        sockets.stream().map(socket -> String.valueOf(socket.remote())).distinct().toList());
  }

  private static String listed(List<String> texts) {
    String some = texts.stream().limit(MOST_ADDRESSES).collect(Collectors.joining(", "));
    int more = texts.size() - MOST_ADDRESSES;
    return more > 0 ? some + " and " + more + " more" : some;
  }
}
