package io.github.portpool.sample;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.github.portpool.snapshot.PoolListener;
import io.github.portpool.snapshot.Protocol;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

class ListenerAgesTest {
  private final ListenerAges ages = new ListenerAges();

  private static PoolListener listener(Protocol protocol, int port, long inode) {
    return new PoolListener(protocol, port, false, false, inode, 0, 0);
  }

  /** The ports of those that last, at a second. */
  private List<Integer> lasting(long second, PoolListener... listeners) {
    return ages.age(List.of(listeners), TimeUnit.SECONDS.toNanos(second)).stream()
        .filter(PoolListener::lasting)
        .map(PoolListener::port)
        .toList();
  }

  @Test
  void aMinuteIsLong() {
    PoolListener tcp = listener(Protocol.TCP, 40_000, 1);
    PoolListener udp = listener(Protocol.UDP, 40_001, 2);
    PoolListener late = listener(Protocol.TCP, 40_002, 3);
    assertEquals(List.of(40_000), lasting(0, tcp, udp));
    assertEquals(List.of(40_000), lasting(59, tcp, udp, late));
    assertEquals(List.of(40_000, 40_001), lasting(60, tcp, udp, late));
    assertEquals(List.of(40_000, 40_001, 40_002), lasting(119, tcp, udp, late));
  }

  @Test
  void anotherSocketOnThePortIsAnotherListener() {
    assertEquals(List.of(), lasting(0, listener(Protocol.UDP, 40_001, 2)));
    assertEquals(List.of(), lasting(60, listener(Protocol.UDP, 40_001, 3)));
    assertEquals(List.of(40_001), lasting(120, listener(Protocol.UDP, 40_001, 3)));
  }

  @Test
  void portsTakenAtRandomNeverHaveAName() {
    Set<Integer> named = new HashSet<>();
    for (int sample = 0; sample < 60; sample++) {
      List<PoolListener> listeners = new ArrayList<>();
      listeners.add(listener(Protocol.UDP, 35_000, 1));
      for (int i = 0; i < 50; i++) {
        int number = sample / 2 * 50 + i;
        listeners.add(listener(Protocol.UDP, 40_000 + number, 100 + number));
      }
      named.addAll(lasting(sample * 5L, listeners.toArray(PoolListener[]::new)));
    }
    assertEquals(Set.of(35_000), named);
  }
}
