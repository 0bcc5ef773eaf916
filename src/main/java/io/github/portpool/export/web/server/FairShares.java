package io.github.portpool.export.web.server;

import io.github.portpool.export.web.config.ClientNetwork;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Something that clients share, of which there is so much in all, and so much for each network but
 * this host.
 *
 * <p>Whoever comes gets a share: beyond a bound, the network that has most loses its oldest one. So
 * nobody is kept out by networks that take more. For one thread.
 *
 * @param <T> who has a share
 */
final class FairShares<T> {
  private final Map<ClientNetwork, Map<T, Long>> held = new HashMap<>();
  private final long most;
  private final long mostOfEach;

  FairShares(long most, long mostOfEach) {
    this.most = most;
    this.mostOfEach = mostOfEach;
  }

  /** Gives a share, and returns whose shares are taken away for it. */
  List<T> give(ClientNetwork network, T newest, long size) {
    held.computeIfAbsent(network, any -> new LinkedHashMap<>()).put(newest, size);
    List<T> losers = new ArrayList<>();
    Optional<T> loser = takeOldest(overBound(network), newest);
    while (loser.isPresent()) {
      losers.add(loser.get());
      loser = takeOldest(overBound(network), newest);
    }
    return losers;
  }

  private Optional<ClientNetwork> overBound(ClientNetwork network) {
    if (!network.isLoopback() && of(network) > mostOfEach) {
      return Optional.of(network);
    }
    long all = held.keySet().stream().mapToLong(this::of).sum();
    return all > most
        ? held.keySet().stream().max(Comparator.comparingLong(this::of))
        : Optional.empty();
  }

  private Optional<T> takeOldest(Optional<ClientNetwork> network, T newest) {
    Optional<T> oldest =
        network.flatMap(
            from -> held(from).keySet().stream().filter(each -> !each.equals(newest)).findFirst());
    oldest.ifPresent(each -> takeBack(network.get(), each));
    return oldest;
  }

  private long of(ClientNetwork network) {
    return held(network).values().stream().mapToLong(Long::longValue).sum();
  }

  private Map<T, Long> held(ClientNetwork network) {
    return held.getOrDefault(network, Map.of());
  }

  /** Takes a share back, if it is held. */
  void takeBack(ClientNetwork network, T holder) {
    held.computeIfPresent(
        network,
        (any, shares) -> {
          shares.remove(holder);
          return shares.isEmpty() ? null : shares;
        });
  }
}
