package io.github.portpool.export.web.server;

import java.lang.System.Logger.Level;
import java.util.List;
import java.util.concurrent.TimeUnit;

/** The clients that are connected, and what they share. For the server's thread. */
final class Clients {
  /** Of the connections, for each network. */
  private static final int PART = 16;

  private static final int FEWEST = 8;

  /** Of the heap, for answers that are not read. */
  private static final int PART_OF_HEAP = 8;

  private static final long QUIET_NANOS = TimeUnit.MINUTES.toNanos(1);
  private static final System.Logger LOG = System.getLogger(WebServer.class.getName());

  private final int mostOfEach;
  private final FairShares<Connection> connections;
  private final FairShares<Connection> unreadBytes;
  private final Turns turns = new Turns();
  private long said = System.nanoTime() - QUIET_NANOS;

  Clients(int most) {
    mostOfEach = Math.max(FEWEST, most / PART);
    connections = new FairShares<>(most, mostOfEach);
    long bytes = Runtime.getRuntime().maxMemory() / PART_OF_HEAP;
    unreadBytes = new FairShares<>(bytes, bytes);
  }

  /** Lets a client in; another one may have to go. */
  void add(Connection connection) {
    List<Connection> losers = connections.give(connection.network(), connection, 1);
    losers.forEach(loser -> {
      say(loser);
      loser.end();
    });
  }

  private void say(Connection loser) {
    long now = System.nanoTime();
    if (now - said >= QUIET_NANOS) {
      said = now;
      LOG.log(
          Level.WARNING,
          "connections of {0} are closed, the oldest first: it has more than {1}, or the most of all"
              + " when there are too many",
          loser.network().toString(),
          String.valueOf(mostOfEach));
    }
  }

  /** Answers a request when it is its client's turn. */
  void whenItsTurn(Connection connection, Runnable request) {
    turns.add(connection.thread(), connection.network(), request);
  }

  /** An answer waits to be read; another one may have to go. */
  void addUnread(Connection connection, long bytes) {
    unreadBytes.give(connection.network(), connection, bytes).forEach(Connection::end);
  }

  /** It has been read. */
  void removeUnread(Connection connection) {
    unreadBytes.takeBack(connection.network(), connection);
  }

  /** A client is gone. */
  void remove(Connection connection) {
    connections.takeBack(connection.network(), connection);
    removeUnread(connection);
  }
}
