package io.github.portpool.export.web.server;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.github.portpool.export.web.config.ClientNetwork;
import java.net.InetAddress;
import java.util.List;
import org.junit.jupiter.api.Test;

class FairSharesTest {
  private final FairShares<String> shares = new FairShares<>(6, 3);

  private List<String> give(String address, String holder) {
    return shares.give(network(address), holder, 1);
  }

  private static ClientNetwork network(String address) {
    return ClientNetwork.of(InetAddress.ofLiteral(address));
  }

  @Test
  void aNetworkLosesItsOldestBeyondItsBound() {
    for (String holder : List.of("a", "b", "c")) {
      assertEquals(List.of(), give("192.0.2.1", holder));
    }
    assertEquals(List.of("a"), give("192.0.2.1", "d"));
    assertEquals(List.of(), give("192.0.2.2", "e"));
  }

  @Test
  void whatIsTakenBackCountsNoMore() {
    for (String holder : List.of("a", "b", "c")) {
      give("192.0.2.1", holder);
    }
    shares.takeBack(network("192.0.2.1"), "b");
    assertEquals(List.of(), give("192.0.2.1", "d"));
    assertEquals(List.of("a"), give("192.0.2.1", "e"));
  }

  @Test
  void aNewcomerGetsTheShareOfTheGreediest() {
    for (String holder : List.of("a", "b", "c")) {
      give("192.0.2.1", holder);
    }
    give("192.0.2.2", "d");
    give("192.0.2.2", "e");
    give("192.0.2.3", "f");
    assertEquals(List.of("a"), give("192.0.2.4", "g"));
  }

  @Test
  void thisHostHasNoBoundButTheOneOfAll() {
    for (String holder : List.of("a", "b", "c", "d", "e", "f")) {
      assertEquals(List.of(), give("127.0.0.1", holder));
    }
    assertEquals(List.of("a"), give("192.0.2.1", "g"));
    assertEquals(List.of("b"), give("127.0.0.1", "h"));
  }

  @Test
  void anIpv6NetworkIsOneClient() {
    for (String holder : List.of("1", "2", "3")) {
      give("2001:db8::" + holder, holder);
    }
    assertEquals(List.of("1"), give("2001:db8::ffff", "4"));
    assertEquals(List.of(), give("2001:db8:0:1::1", "5"));
    assertEquals("2001:db8:0:0:0:0:0:0/64", network("2001:db8::7").toString());
  }

  @Test
  void whatIsLargerThanAllStays() {
    assertEquals(List.of(), shares.give(network("192.0.2.1"), "large", 100));
    assertEquals(List.of("large"), shares.give(network("192.0.2.2"), "small", 1));
  }
}
