package io.github.portpool.sample;

import io.github.portpool.snapshot.PoolListener;
import io.github.portpool.snapshot.Protocol;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/**
 * Since when each listener of a namespace is there, for some are ports that a program takes at
 * random for seconds: of UDP mostly, a resolver's queries or a media relay's calls.
 */
final class ListenerAges {
  private static final long LASTING_NANOS = TimeUnit.MINUTES.toNanos(1);

  private record Key(Protocol protocol, int port, long inode) {}

  private Map<Key, Long> since = Map.of();
  private boolean begun;

  /**
   * The same listeners, those that last first. TCP's that were there before anybody looked are
   * taken for lasting.
   *
   * @param nanos a monotonic time
   */
  List<PoolListener> age(List<PoolListener> listeners, long nanos) {
    Map<Key, Long> known = new HashMap<>();
    List<PoolListener> aged =
        listeners.stream()
            .map(each -> {
              Key key = new Key(each.protocol(), each.port(), each.inode());
              boolean old = !begun && each.protocol() == Protocol.TCP;
              long first = since.getOrDefault(key, old ? nanos - LASTING_NANOS : nanos);
              known.put(key, first);
              return aged(each, nanos - first >= LASTING_NANOS);
            })
            .sorted(Comparator.comparing((PoolListener each) -> !each.lasting()))
            .toList();
    since = known;
    begun = true;
    return aged;
  }

  private static PoolListener aged(PoolListener listener, boolean lasting) {
    return new PoolListener(
        listener.protocol(),
        listener.port(),
        listener.reserved(),
        lasting,
        listener.inode(),
        listener.uid(),
        listener.controlGroup());
  }
}
