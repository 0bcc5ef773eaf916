package io.github.portpool.linux.netlink;

import io.github.portpool.linux.MalformedMessageException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;

/**
 * The messages of netlink: a cursor over those of one block, and the beginning of a request, {@code
 * include/uapi/linux/netlink.h}.
 *
 * <pre>
 * struct nlmsghdr { u32 nlmsg_len; u16 nlmsg_type; u16 nlmsg_flags; u32 nlmsg_seq; u32 nlmsg_pid; }
 * </pre>
 *
 * <p>The block is an array of ints in the order of a little-endian host, because everything in it
 * is aligned to four bytes. It never reads beyond the block. For one thread.
 */
public final class NetlinkMessages {
  public static final int NLMSG_NOOP = 1;
  public static final int NLMSG_ERROR = 2;
  public static final int NLMSG_DONE = 3;
  public static final int NLMSG_OVERRUN = 4;

  /** The dump is inconsistent, because what it walks over changed. */
  public static final int NLM_F_DUMP_INTR = 0x10;

  private static final int NLM_F_REQUEST = 1;
  private static final int NLM_F_DUMP = 0x300;

  static final int HEADER_BYTES = 16;
  private static final int HEADER_WORDS = HEADER_BYTES / Integer.BYTES;

  private int[] words = {};
  private int limit; // in bytes
  private int next; // in bytes
  private int at; // in words

  /** Writes the header of a request for a dump, which fills its buffer. */
  static void writeDumpHeader(ByteBuffer request, int type, int sequence) {
    request.order(ByteOrder.nativeOrder()).putInt(request.capacity());
    request.putShort((short) type).putShort((short) (NLM_F_REQUEST | NLM_F_DUMP));
    request.putInt(sequence).putInt(0);
  }

  /** Starts with the first message of a block of {@code bytes} bytes. */
  public void wrap(int[] block, int bytes) {
    words = block;
    limit = Math.min(bytes, block.length * Integer.BYTES);
    next = 0;
  }

  /**
   * Moves to the next message.
   *
   * @return false when there is none
   * @throws MalformedMessageException when what follows is not a whole message
   */
  public boolean next() throws MalformedMessageException {
    if (next >= limit) {
      return false;
    }
    at = next / Integer.BYTES;
    if (limit - next < HEADER_BYTES) {
      throw new MalformedMessageException("a netlink header of " + (limit - next) + " bytes");
    }
    int length = words[at];
    if (length < HEADER_BYTES || length > limit - next) {
      throw new MalformedMessageException(
          "a netlink message of "
              + Integer.toUnsignedString(length)
              + " bytes where "
              + (limit - next)
              + " are left");
    }
    next += (length + Integer.BYTES - 1) & -Integer.BYTES;
    return true;
  }

  /** nlmsg_type. */
  public int type() {
    return words[at + 1] & 0xffff;
  }

  /** nlmsg_flags. */
  public int flags() {
    return words[at + 1] >>> 16;
  }

  /** nlmsg_seq. */
  public int sequence() {
    return words[at + 2];
  }

  /** The array that holds the payload. */
  public int[] words() {
    return words;
  }

  /** The index of the payload's first word. */
  public int payload() {
    return at + HEADER_WORDS;
  }

  /** The length of the payload in bytes. */
  public int payloadBytes() {
    return words[at] - HEADER_BYTES;
  }

  /**
   * The error number that an NLMSG_ERROR or NLMSG_DONE carries, positive, or 0: {@code struct
   * nlmsgerr} begins with it, and a DONE may come without.
   */
  public int errno() {
    if (payloadBytes() < Integer.BYTES) {
      return 0;
    }
    return (int) Math.min(Integer.MAX_VALUE, Math.abs((long) words[payload()]));
  }
}
