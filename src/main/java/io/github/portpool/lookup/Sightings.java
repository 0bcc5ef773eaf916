package io.github.portpool.lookup;

import io.github.portpool.table.SocketEntry;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

/**
 * The sockets of one answer, in bounded memory: those that wait for strangers before others with a
 * process, and those before what no process holds. What does not fit is counted.
 */
final class Sightings {
  private static final int MOST = PortReport.MOST_SOCKETS;

  private final List<Sighting> waiting = new ArrayList<>();
  private final List<Sighting> held = new ArrayList<>();
  private final List<Sighting> unheld = new ArrayList<>();
  private final GroupCounts groups = new GroupCounts();
  private final Apart apart;
  private int total;

  /** None yet; {@code apart} is what tells groups apart. */
  Sightings(Apart apart) {
    this.apart = apart;
  }

  /** Takes a socket that a source shows. */
  void add(String netns, boolean elsewhere, SocketEntry socket) {
    total++;
    groups.add(Sighting.alike(netns, elsewhere, socket, apart), socket);
    List<Sighting> kind = kind(socket);
    if (kind.size() < MOST) {
      kind.add(Sighting.of(netns, elsewhere, socket));
    }
  }

  private List<Sighting> kind(SocketEntry socket) {
    if (socket.inode == 0 && socket.pid <= 0) {
      return unheld;
    }
    return socket.state.hasDestination() ? held : waiting;
  }

  /** Takes all that another one has. */
  void addAll(Sightings others) {
    total += others.total;
    groups.addAll(others.groups);
    fill(waiting, others.waiting);
    fill(held, others.held);
    fill(unheld, others.unheld);
  }

  private static void fill(List<Sighting> kept, List<Sighting> more) {
    kept.addAll(more.subList(0, Math.min(more.size(), MOST - kept.size())));
  }

  /** The most important ones, at most {@link PortReport#MOST_SOCKETS}. */
  List<Sighting> kept() {
    return Stream.of(waiting, held, unheld).flatMap(List::stream).limit(MOST).toList();
  }

  /** All of them by what they have in common. */
  GroupCounts groups() {
    return groups;
  }

  /** How many more there were. */
  int untracked() {
    return Math.max(0, total - MOST);
  }
}
