package io.github.portpool.lookup;

import io.github.portpool.snapshot.TcpSettings;
import io.github.portpool.table.EphemeralPorts;
import io.github.portpool.table.SocketEntry;
import io.github.portpool.table.SocketSink;
import java.util.HashMap;
import java.util.Map;
import java.util.function.ToIntFunction;

/** The sockets of one namespace, each filed under a number. */
final class FiledSockets implements SocketSink {
  /** For sockets that are not wanted. */
  static final int NOWHERE = -1;

  private final String netns;
  private final boolean elsewhere;
  private final ToIntFunction<SocketEntry> filing;
  private final Apart apart;
  private final Map<Integer, Sightings> files = new HashMap<>();

  /**
   * Files sockets under the number that a function gives, if it is not {@link #NOWHERE}.
   *
   * @param apart what tells groups apart
   */
  FiledSockets(String netns, boolean elsewhere, ToIntFunction<SocketEntry> filing, Apart apart) {
    this.apart = apart;
    this.netns = netns;
    this.elsewhere = elsewhere;
    this.filing = filing;
  }

  @Override
  public void begin(EphemeralPorts range, TcpSettings tcp) {
    files.clear();
  }

  @Override
  public void socket(SocketEntry socket) {
    int number = filing.applyAsInt(socket);
    if (number != NOWHERE) {
      files.computeIfAbsent(number, _ -> new Sightings(apart)).add(netns, elsewhere, socket);
    }
  }

  /** Takes all that another one has. */
  void addAll(FiledSockets others) {
    others.files.forEach((number, sockets) ->
        files.computeIfAbsent(number, _ -> new Sightings(apart)).addAll(sockets));
  }

  /** The same of another network namespace, where nothing is filed yet. */
  FiledSockets of(String otherNetns) {
    return new FiledSockets(otherNetns, true, filing, apart);
  }

  /** What is filed under a number. */
  Sightings under(int number) {
    return files.getOrDefault(number, new Sightings(apart));
  }
}
