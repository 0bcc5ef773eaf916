package io.github.portpool.export.text;

import io.github.portpool.host.Count;
import io.github.portpool.lookup.FoundSocket;
import io.github.portpool.lookup.FoundSocket.Endpoint;
import io.github.portpool.lookup.FoundSocket.Holder;
import io.github.portpool.lookup.PortReport;
import io.github.portpool.snapshot.Feature;
import java.util.List;
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
      return "Port %d: nothing was found in %s."
          .formatted(report.port(), Count.of(report.searched().namespaces(), "network namespace"));
    }
    FoundSocket first = sockets.getFirst();
    List<FoundSocket> alike = sockets.stream().filter(socket -> isLike(first, socket)).toList();
    long others = (long) sockets.size() - alike.size() + report.untracked();
    return "Port %d/%s: %s%s%s"
        .formatted(
            report.port(),
            first.protocol().label(),
            said(first, alike, !report.unavailable().containsKey(Feature.PROCESSES)),
            first.elsewhere() ? ", in network namespace " + first.netns() : "",
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
        && other.holder() == first.holder()
        && other.processes().equals(first.processes())
        && (!first.ownerless() || other.equals(first));
  }

  private static String said(FoundSocket first, List<FoundSocket> alike, boolean allProcesses) {
    if (first.ownerless()) {
      return "no process has it, the kernel alone holds a closed connection to %s%s"
          .formatted(first.remote(), SocketRows.remaining(first));
    }
    if (first.holder() == Holder.NOBODY) {
      return "%s: a connection in %s to %s"
          .formatted(OwnerWords.nobody(first), first.state().label(), peers(alike));
    }
    boolean one = first.processes().size() <= 1;
    String owner = OwnerWords.of(first, allProcesses);
    return owner
        + switch (first.state()) {
          case LISTEN -> (one ? " listens on " : " listen on ") + addresses(alike);
          case UNCONNECTED -> (one ? " receives on " : " receive on ") + addresses(alike);
          case BOUND ->
              (one ? " has bound " : " have bound ")
                  + addresses(alike)
                  + (one ? " and neither listens nor connects" : " and neither listen nor connect");
          case ESTABLISHED -> (one ? " is connected to " : " are connected to ") + peers(alike);
          default ->
              (one ? " has" : " have")
                  + " a connection in "
                  + first.state().label()
                  + " to "
                  + peers(alike);
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
