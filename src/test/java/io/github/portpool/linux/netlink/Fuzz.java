package io.github.portpool.linux.netlink;

import java.util.Arrays;
import java.util.Random;

/** How many cases to try, and how to spoil bytes; all of it follows from seeds. */
public final class Fuzz {
  private Fuzz() {}

  /** The number of cases; {@code -Dportpool.fuzz=100} tries a hundred times as many. */
  public static int cases(int usual) {
    return usual * Integer.getInteger("portpool.fuzz", 1);
  }

  /** A copy with some bits, bytes, or words changed, or its end cut off. */
  public static byte[] spoil(byte[] good, Random random) {
    byte[] bytes = good.clone();
    for (int n = 1 + random.nextInt(3); n > 0 && bytes.length > 0; n--) {
      int at = random.nextInt(bytes.length);
      switch (random.nextInt(6)) {
        case 0, 1 -> bytes[at] ^= (byte) (1 << random.nextInt(8));
        case 2 -> bytes[at] = (byte) random.nextInt();
        case 3 -> bytes = Arrays.copyOf(bytes, at);
        case 4 -> word(bytes, at & -4, random);
        default -> {
          // A part of it again, somewhere else.
          int from = random.nextInt(bytes.length);
          int length = Math.min(random.nextInt(32), bytes.length - Math.max(at, from));
          System.arraycopy(bytes, from, bytes, at, length);
        }
      }
    }
    return bytes;
  }

  private static void word(byte[] bytes, int at, Random random) {
    int[] nasty = {0, 1, -1, 15, 16, 17, 72, 88, 0xffff, Integer.MIN_VALUE, Integer.MAX_VALUE};
    int value = nasty[random.nextInt(nasty.length)];
    for (int i = at; i < Math.min(at + 4, bytes.length); i++) {
      bytes[i] = (byte) value;
      value >>= 8;
    }
  }
}
