package io.github.portpool.linux.netlink;

import static io.github.portpool.linux.netlink.ConntrackBytes.CONFIRMED;
import static io.github.portpool.linux.netlink.ConntrackBytes.SRC_NAT;
import static io.github.portpool.linux.netlink.ConntrackBytes.STATUS;
import static io.github.portpool.linux.netlink.ConntrackBytes.TUPLE_REPLY;
import static io.github.portpool.linux.netlink.ConntrackBytes.attribute;
import static io.github.portpool.linux.netlink.ConntrackBytes.bigEndian;
import static io.github.portpool.linux.netlink.ConntrackBytes.connection;
import static io.github.portpool.linux.netlink.ConntrackBytes.message;
import static io.github.portpool.linux.netlink.ConntrackBytes.tuple;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.github.portpool.linux.MalformedMessageException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Arrays;
import org.junit.jupiter.api.Test;

/** What is asked of ctnetlink, and what one message of its answer says. */
class ConntrackMessageTest {
  private static final int TCP = 6;
  private static final int NAT = SRC_NAT | CONFIRMED;

  @Test
  void asksForTheTranslatedConnectionsOfBothFamilies() {
    byte[] request = ConntrackRequest.translated(7);
    byte[] expected = {
      36, 0, 0, 0, 1, 1, 1, 3, 7, 0, 0, 0, 0, 0, 0, 0, // nlmsghdr: CT_GET, REQUEST | DUMP
      0, 0, 0, 0, // nfgenmsg: AF_UNSPEC
      8, 0, 3, 0, 0, 0, 0, 16, // CTA_STATUS: IPS_SRC_NAT
      8, 0, 26, 0, 0, 0, 0, 16, // CTA_STATUS_MASK
    };
    assertEquals(Arrays.toString(expected), Arrays.toString(request));
  }

  @Test
  void theReplyTupleNamesTheServerAndTheAddressTranslatedTo() throws MalformedMessageException {
    assertEquals(
        "6 true a000002:80 -> c0000201", read(connection(TCP, NAT, "192.0.2.1", "10.0.0.2", 80)));
    assertEquals(
        "17 false 20010db8000000000000000000000002:65535 -> 20010db8000000000000000000000001",
        read(connection(17, CONFIRMED, "2001:db8::1", "2001:db8::2", 65_535)));
  }

  @Test
  void whatIsNoConnection() {
    byte[] status = attribute(STATUS, bigEndian(NAT));
    byte[] reply = tuple(TUPLE_REPLY, TCP, "10.0.0.2", 80, "192.0.2.1", 40_000);
    byte[] v6 = tuple(TUPLE_REPLY, TCP, "::2", 80, "::1", 40_000);
    byte[] ip = attribute(1, attribute(1, new byte[4]), attribute(2, new byte[4]));
    byte[] proto = attribute(2, attribute(1, new byte[] {TCP}), attribute(2, new byte[2]));
    notUnderstood(new byte[0]);
    notUnderstood(new byte[3]);
    notUnderstood(message(2));
    notUnderstood(message(2, status));
    notUnderstood(message(2, reply));
    notUnderstood(message(2, attribute(STATUS, new byte[3]), reply));
    notUnderstood(message(1, status, reply));
    notUnderstood(message(10, status, reply));
    notUnderstood(message(2, status, v6));
    notUnderstood(message(2, status, attribute(TUPLE_REPLY)));
    notUnderstood(message(2, status, attribute(TUPLE_REPLY, ip)));
    notUnderstood(message(2, status, attribute(TUPLE_REPLY, proto)));
    notUnderstood(message(2, status, attribute(TUPLE_REPLY, ip, attribute(2))));
    notUnderstood(
        message(2, status, attribute(TUPLE_REPLY, attribute(1, attribute(1, new byte[4])), proto)));
    notUnderstood(
        message(
            2,
            status,
            attribute(
                TUPLE_REPLY,
                attribute(1, attribute(1, new byte[4]), attribute(2, new byte[3])),
                proto)));
    // Attributes that say they are longer than what holds them, or shorter than their header.
    notUnderstood(message(2, status, new byte[] {9, 0, 2, 0, 0, 0, 0, 0}));
    notUnderstood(message(2, status, new byte[] {3, 0, 2, 0, 0, 0, 0, 0}));
    notUnderstood(
        message(2, status, attribute(TUPLE_REPLY, new byte[] {-1, -1, 1, 0, 0, 0, 0, 0})));
  }

  private static void notUnderstood(byte[] message) {
    assertThrows(
        MalformedMessageException.class, () -> read(message), () -> Arrays.toString(message));
  }

  /** All that a message says; ones lie before and after it. */
  private static String read(byte[] message) throws MalformedMessageException {
    byte[] padded = new byte[4 + (message.length + 3) / 4 * 4 + 64];
    Arrays.fill(padded, (byte) -1);
    System.arraycopy(message, 0, padded, 4, message.length);
    int[] words = new int[padded.length / Integer.BYTES];
    ByteBuffer.wrap(padded).order(ByteOrder.LITTLE_ENDIAN).asIntBuffer().get(words);
    ConntrackMessage connection = new ConntrackMessage();
    connection.wrap(words, 1, message.length);
    return "%d %s %s:%d -> %s"
        .formatted(
            connection.protocol(),
            connection.isSourceTranslated(),
            address(connection, connection.replySource()),
            connection.replySourcePort(),
            address(connection, connection.replyDestination()));
  }

  private static String address(ConntrackMessage connection, int index)
      throws MalformedMessageException {
    StringBuilder address = new StringBuilder(Integer.toHexString(connection.word(index)));
    for (int word = 1; word < (connection.isIpv6() ? 4 : 1); word++) {
      address.append("%08x".formatted(connection.word(index + word)));
    }
    return address.toString();
  }
}
