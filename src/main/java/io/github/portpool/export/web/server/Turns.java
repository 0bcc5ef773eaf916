package io.github.portpool.export.web.server;

import io.github.portpool.export.web.config.ClientNetwork;
import io.netty.channel.EventLoop;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.TimeUnit;

/**
 * Whose request is answered next: one of each network, and then it is looked who else has come. So
 * a network that asks much waits for itself. For the server's thread.
 */
@SuppressWarnings("FutureReturnValueIgnored") // it is never cancelled
final class Turns {
  private final Map<ClientNetwork, Queue<Runnable>> waiting = new HashMap<>();

  /** Answers a request when it is its network's turn. */
  void add(EventLoop thread, ClientNetwork network, Runnable request) {
    if (waiting.isEmpty()) {
      thread.execute(() -> round(thread));
    }
    waiting.computeIfAbsent(network, any -> new ArrayDeque<>()).add(request);
  }

  private void round(EventLoop thread) {
    new ArrayList<>(waiting.values()).forEach(requests -> requests.remove().run());
    waiting.values().removeIf(Queue::isEmpty);
    if (!waiting.isEmpty()) {
      // Not before it has been looked: as a task that is to be run at once it would be.
      thread.schedule(() -> round(thread), 0, TimeUnit.NANOSECONDS);
    }
  }
}
