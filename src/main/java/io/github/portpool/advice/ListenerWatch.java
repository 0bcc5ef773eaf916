package io.github.portpool.advice;

import io.github.portpool.snapshot.Protocol;
import io.github.portpool.snapshot.TcpSettings;
import io.github.portpool.table.EphemeralPorts;
import io.github.portpool.table.PortSet;
import io.github.portpool.table.SocketEntry;
import io.github.portpool.table.SocketSink;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * Tells listeners that last from ports that a program takes at random for seconds, as resolvers,
 * media relays and FTP servers do, by what comes and goes between passes.
 */
final class ListenerWatch implements SocketSink {
  /** A program that opened or closed so many listeners meanwhile takes ports at random. */
  private static final int MANY = 4;

  private record Key(Protocol protocol, int port, long inode, long controlGroup, int uid) {}

  private final Map<Owner, Changes> changes = new HashMap<>();
  private final Set<Key> seen = new HashSet<>();
  private Set<Key> lasting = new HashSet<>();
  private Set<Key> before = new HashSet<>();
  private Set<Key> now = new HashSet<>();
  private EphemeralPorts range;
  private int passes;

  /**
   * Who takes ports at random.
   *
   * @param owner whose listeners they are
   * @param opened how many listeners came meanwhile
   * @param closed how many went
   * @param left how many were there all the time
   * @param inodes the inode numbers of some
   */
  record RandomPorts(Owner owner, int opened, int closed, int left, List<Long> inodes) {
    /** So few may well be listeners of the same program, or of another one beside it. */
    boolean isDistinct() {
      return left <= (opened + closed) / 2;
    }
  }

  /** A control group and a user. */
  record Owner(long controlGroup, int uid) {}

  private static final class Changes {
    private final List<Long> inodes = new ArrayList<>();
    private int opened;
    private int closed;
  }

  /** A watch that has seen nothing yet. */
  ListenerWatch(EphemeralPorts range) {
    this.range = range;
  }

  @Override
  public void begin(EphemeralPorts ephemeralRange, TcpSettings tcp) {
    range = ephemeralRange;
    now = new HashSet<>();
  }

  @Override
  public void socket(SocketEntry socket) {
    if (socket.isListener() && range.allocates(socket.localPort)) {
      now.add(
          new Key(
              socket.protocol, socket.localPort, socket.inode, socket.controlGroup, socket.uid));
    }
  }

  /** Ends a pass, and compares it with those before. */
  void passed() {
    if (passes++ == 0) {
      lasting = now;
    } else {
      lasting.retainAll(now);
      now.stream().filter(key -> !before.contains(key)).forEach(key -> changes(key).opened++);
      before.stream().filter(key -> !now.contains(key)).forEach(key -> changes(key).closed++);
      now.forEach(key -> {
        if (!before.contains(key)) {
          changes(key).inodes.add(key.inode());
        }
      });
    }
    seen.addAll(now);
    before = new HashSet<>(now);
  }

  private Changes changes(Key key) {
    return changes.computeIfAbsent(new Owner(key.controlGroup(), key.uid()), _ -> new Changes());
  }

  /** Whether there is anything to watch. */
  boolean isNeeded() {
    return !before.isEmpty();
  }

  /** Whether somebody takes ports at random, so that a longer look tells more. */
  boolean isRestless() {
    return changes.values().stream().anyMatch(each -> each.opened + each.closed >= MANY);
  }

  /** Those who take ports at random, the most restless first. */
  List<RandomPorts> random() {
    List<RandomPorts> random = new ArrayList<>();
    changes.forEach((owner, each) -> {
      if (each.opened + each.closed >= MANY) {
        int left = (int) lasting.stream().filter(key -> isOf(owner, key)).count();
        random.add(new RandomPorts(owner, each.opened, each.closed, left, each.inodes));
      }
    });
    random.sort(Comparator.comparingInt((RandomPorts each) -> -each.opened() - each.closed()));
    return random;
  }

  private static boolean isOf(Owner owner, Key key) {
    return key.controlGroup() == owner.controlGroup() && key.uid() == owner.uid();
  }

  /** The pool ports of a protocol that were listened on, and not by a listener that lasts. */
  PortSet passing(Protocol protocol) {
    Set<Owner> doubtful = new HashSet<>();
    random().stream()
        .filter(each -> !each.isDistinct())
        .forEach(each -> doubtful.add(each.owner()));
    PortSet all = new PortSet();
    PortSet good = new PortSet();
    for (Key key : seen) {
      if (key.protocol() == protocol) {
        all.add(key.port());
        if (lasting.contains(key) && !doubtful.contains(new Owner(key.controlGroup(), key.uid()))) {
          good.add(key.port());
        }
      }
    }
    return all.minus(good);
  }
}
