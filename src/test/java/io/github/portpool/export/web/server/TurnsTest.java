package io.github.portpool.export.web.server;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.github.portpool.export.web.config.ClientNetwork;
import io.netty.channel.DefaultEventLoop;
import java.net.InetAddress;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.Test;

class TurnsTest {
  @Test
  void aNetworkThatAsksMuchWaitsForItself() throws Exception {
    List<String> answered = new ArrayList<>();
    CountDownLatch last = new CountDownLatch(4);
    DefaultEventLoop thread = new DefaultEventLoop();
    try {
      Turns turns = new Turns();
      thread
          .submit(() -> {
            for (String request : List.of("1 a", "1 b", "1 c", "2 a")) {
              turns.add(
                  thread,
                  ClientNetwork.of(InetAddress.ofLiteral("192.0.2." + request.charAt(0))),
                  () -> {
                    answered.add(request);
                    last.countDown();
                  });
            }
          })
          .get();
      last.await();
      assertEquals(List.of("1 b", "1 c"), answered.subList(2, 4), answered.toString());
    } finally {
      thread.shutdownGracefully().await();
    }
  }
}
