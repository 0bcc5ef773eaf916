package io.github.portpool.source.bpf;

import java.nio.ByteBuffer;
import java.util.Comparator;
import java.util.HashMap;
import java.util.Map;

/**
 * The network namespaces whose sockets the walk for the agent's own brings along: all namespaces
 * are in one table, and to walk it is what costs.
 *
 * <p>The records have a bound. Where they do not fit, the namespaces with most are left out, which
 * have to be walked for by themselves. For one thread.
 */
final class OtherNamespaces {
  /** 12 MiB, or 260,000 sockets of IPv4. */
  private static final int MOST_PAGES = 3072;

  /** What a namespace begins with: {@code net.ipv4.ip_local_port_range} in ip-sysctl.rst. */
  private static final Ports DEFAULT_RANGE = new Ports(32_768, 60_999);

  private final Map<Long, BroughtAlong> namespaces = new HashMap<>();
  private final Pages pages;

  OtherNamespaces() {
    this(MOST_PAGES);
  }

  OtherNamespaces(int mostPages) {
    pages = new Pages(mostPages);
  }

  /** What the next walks bring along of a namespace; the later of two that ask has it. */
  BroughtAlong join(long netns) {
    BroughtAlong records = new BroughtAlong(pages);
    BroughtAlong before = namespaces.put(netns, records);
    if (before != null) {
      before.clear();
    }
    return records;
  }

  /** Brings nothing along any more. */
  void leave(long netns, BroughtAlong records) {
    records.clear();
    namespaces.remove(netns, records);
  }

  /** Begins a walk, and says which ports it has to look at. */
  Ports begin() {
    Ports ports = namespaces.isEmpty() ? Ports.NONE : DEFAULT_RANGE;
    for (BroughtAlong each : namespaces.values()) {
      each.clear();
      ports = ports.and(each.wanted());
    }
    return ports;
  }

  /** Keeps the record at a place of an answer, if anybody wants it. */
  void add(long netns, ByteBuffer answer, int at, int bytes) {
    BroughtAlong records = namespaces.get(netns);
    if (records == null) {
      return;
    }
    if (pages.isEmpty()) {
      namespaces.values().stream()
          .max(Comparator.comparingInt(BroughtAlong::size))
          .ifPresent(BroughtAlong::drop);
    }
    records.add(answer, at, bytes);
  }

  /** Ends a walk that was whole. */
  void complete(Ports ports) {
    namespaces.values().forEach(each -> each.complete(ports));
  }
}
