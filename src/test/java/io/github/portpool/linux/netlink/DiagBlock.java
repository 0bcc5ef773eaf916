package io.github.portpool.linux.netlink;

import static java.nio.ByteOrder.LITTLE_ENDIAN;

import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;

/** A block of netlink messages that answers one request. */
public final class DiagBlock {
  private static final int HEADER = 16;
  private static final int NLM_F_MULTI = 2;

  private final ByteArrayOutputStream bytes = new ByteArrayOutputStream();
  private final int type;
  private int sequence;
  private int flags = NLM_F_MULTI;

  /** An empty block of the answer to a request. */
  public DiagBlock(Request request) {
    type = request.type();
    sequence = request.sequence();
  }

  /** Numbers what follows otherwise than the request was. */
  public DiagBlock sequence(int other) {
    sequence = other;
    return this;
  }

  /** Gives what follows one more flag. */
  public DiagBlock flag(int flag) {
    flags |= flag;
    return this;
  }

  /** Adds sockets. */
  public DiagBlock sockets(DiagSocket... sockets) {
    for (DiagSocket socket : sockets) {
      message(type, socket.bytes());
    }
    return this;
  }

  /** Ends the answer well. */
  public DiagBlock done() {
    return done(0);
  }

  /** Ends the answer with an error number. */
  public DiagBlock done(int errno) {
    return message(NetlinkMessages.NLMSG_DONE, littleEndian(-errno));
  }

  /** Refuses: struct nlmsgerr { int error; struct nlmsghdr msg; }. */
  public DiagBlock error(int errno) {
    flags &= ~NLM_F_MULTI;
    byte[] payload = ByteBuffer.wrap(new byte[4 + HEADER]).put(0, littleEndian(-errno)).array();
    return message(NetlinkMessages.NLMSG_ERROR, payload);
  }

  /** Adds any message and its padding. */
  public DiagBlock message(int messageType, byte[] payload) {
    return message(messageType, HEADER + payload.length, payload);
  }

  /** Adds a message whose header says what it likes about its length. */
  public DiagBlock message(int messageType, int length, byte[] payload) {
    bytes.writeBytes(
        ByteBuffer.allocate(HEADER)
            .order(LITTLE_ENDIAN)
            .putInt(length)
            .putShort((short) messageType)
            .putShort((short) flags)
            .putInt(sequence)
            .array());
    bytes.writeBytes(payload);
    while (bytes.size() % 4 != 0) {
      bytes.write(0);
    }
    return this;
  }

  /** How long it is so far. */
  public int size() {
    return bytes.size();
  }

  /** The block. */
  public byte[] bytes() {
    return bytes.toByteArray();
  }

  private static byte[] littleEndian(int value) {
    return ByteBuffer.allocate(4).order(LITTLE_ENDIAN).putInt(value).array();
  }
}
