package io.github.portpool.table;

import java.util.Arrays;

/**
 * A set of port numbers, 0 to 65535, as a bitmap of 8 KiB.
 *
 * <p>Adding and asking allocate nothing. Not safe for use by several threads while one of them
 * writes.
 */
public final class PortSet {
  /** The highest port number. */
  public static final int LAST = 65_535;

  /** The number of port numbers there are. */
  public static final int PORTS = LAST + 1;

  private final long[] words;
  private int size;

  /** An empty set. */
  public PortSet() {
    this(new long[PORTS / Long.SIZE], 0);
  }

  private PortSet(long[] words, int size) {
    this.words = words;
    this.size = size;
  }

  /** The ports from {@code first} to {@code last}, both included. */
  public static PortSet range(int first, int last) {
    PortSet set = new PortSet();
    for (int port = first; port <= last; port++) {
      set.add(port);
    }
    return set;
  }

  /**
   * The ports that a text such as {@code 8080,9000-9100} names, which is how the kernel writes
   * {@code ip_local_reserved_ports}.
   *
   * @throws IllegalArgumentException when the text is something else
   */
  public static PortSet parse(String text) {
    PortSet set = new PortSet();
    for (String part : text.strip().split(",", -1)) {
      if (part.isBlank()) {
        continue;
      }
      int dash = part.indexOf('-');
      int first = parsePort(dash < 0 ? part : part.substring(0, dash));
      int last = dash < 0 ? first : parsePort(part.substring(dash + 1));
      if (first > last) {
        throw new IllegalArgumentException("not a range of ports: " + part);
      }
      for (int port = first; port <= last; port++) {
        set.add(port);
      }
    }
    return set;
  }

  private static int parsePort(String text) {
    try {
      int port = Integer.parseInt(text.strip());
      if (port >= 0 && port < PORTS) {
        return port;
      }
    } catch (NumberFormatException e) {
      // Said below, together with what is out of range.
    }
    throw new IllegalArgumentException("not a port number: " + text);
  }

  /** Adds a port. */
  public void add(int port) {
    long word = words[port >> 6] | 1L << port;
    if (word != words[port >> 6]) {
      words[port >> 6] = word;
      size++;
    }
  }

  /** Whether the set holds a port. */
  public boolean contains(int port) {
    return (words[port >> 6] & (1L << port)) != 0;
  }

  /** Makes the set empty. */
  public void clear() {
    if (size > 0) {
      Arrays.fill(words, 0);
      size = 0;
    }
  }

  /** The number of ports in the set. */
  public int size() {
    return size;
  }

  private static int count(long[] words) {
    int size = 0;
    for (long word : words) {
      size += Long.bitCount(word);
    }
    return size;
  }

  /** The lowest port, or -1 of an empty set. */
  public int first() {
    for (int word = 0; word < words.length; word++) {
      if (words[word] != 0) {
        return word * Long.SIZE + Long.numberOfTrailingZeros(words[word]);
      }
    }
    return -1;
  }

  /** The highest port, or -1 of an empty set. */
  public int last() {
    for (int word = words.length - 1; word >= 0; word--) {
      if (words[word] != 0) {
        return word * Long.SIZE + Long.SIZE - 1 - Long.numberOfLeadingZeros(words[word]);
      }
    }
    return -1;
  }

  /** A new set of the ports that are in this one and not in the other. */
  public PortSet minus(PortSet other) {
    long[] left = words.clone();
    if (size == 0 || other.size == 0) {
      return new PortSet(left, size);
    }
    for (int i = 0; i < left.length; i++) {
      left[i] &= ~other.words[i];
    }
    return new PortSet(left, count(left));
  }

  /** A new set of the ports that are in this one, in the other, or in both. */
  public PortSet plus(PortSet other) {
    long[] all = words.clone();
    for (int i = 0; i < all.length; i++) {
      all[i] |= other.words[i];
    }
    return new PortSet(all, count(all));
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof PortSet set && Arrays.equals(words, set.words);
  }

  @Override
  public int hashCode() {
    return Arrays.hashCode(words);
  }

  /** The ports in the form that {@link #parse} reads. */
  @Override
  public String toString() {
    StringBuilder text = new StringBuilder();
    for (int port = 0; port < PORTS; port++) {
      if (!contains(port)) {
        continue;
      }
      int first = port;
      while (port + 1 < PORTS && contains(port + 1)) {
        port++;
      }
      text.append(text.isEmpty() ? "" : ",").append(first);
      if (port > first) {
        text.append('-').append(port);
      }
    }
    return text.toString();
  }
}
