package io.github.portpool.source.bpf;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.portpool.snapshot.TcpSettings;
import io.github.portpool.source.SocketPass;
import io.github.portpool.source.SourceException;
import io.github.portpool.source.SourceException.Reason;
import io.github.portpool.table.EphemeralPorts;
import io.github.portpool.table.PortSet;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import org.junit.jupiter.api.Test;

/** What a walk brings along of other network namespaces: all of one, or nothing. */
class OtherNamespacesTest {
  private static final int PER_PAGE = 85;
  private static final int BYTES = 48;
  private static final int CONNECTED = 1;
  private static final int BUCKET_KNOWN = 2;
  private static final Ports RANGE = new Ports(32_768, 60_999);

  private final OtherNamespaces others = new OtherNamespaces(3);
  private final BroughtAlong first = others.join(1);
  private final BroughtAlong second = others.join(2);

  private void add(long netns, int sockets, int flags) {
    for (int i = 0; i < sockets; i++) {
      ByteBuffer record = ByteBuffer.allocate(BYTES).order(ByteOrder.LITTLE_ENDIAN);
      record.put((byte) CONNECTED).put((byte) flags);
      record.putShort((short) (40_000 + i)).putShort((short) 80);
      others.add(netns, record, 0, BYTES);
    }
  }

  private static int passed(BroughtAlong records) throws SourceException {
    SocketPass pass = new SocketPass();
    pass.begin(new EphemeralPorts(32_768, 60_999, new PortSet()), TcpSettings.NONE);
    return records.pass(RANGE, pass) ? pass.sockets().size() : -1;
  }

  @Test
  void eachNamespaceHasItsOwnOnce() throws Exception {
    others.begin();
    add(1, 10, BUCKET_KNOWN);
    add(2, PER_PAGE + 1, BUCKET_KNOWN);
    add(3, 10, BUCKET_KNOWN);
    assertFalse(first.isComplete());
    others.complete(RANGE);
    assertEquals(10, passed(first));
    assertEquals(PER_PAGE + 1, passed(second));
    assertEquals(-1, passed(first));
  }

  @Test
  void whoHasMostIsLeftOutWhereTheRestWouldNotFit() throws Exception {
    others.begin();
    add(1, 2 * PER_PAGE + 1, BUCKET_KNOWN);
    add(2, 10, BUCKET_KNOWN);
    others.complete(RANGE);
    assertFalse(first.isComplete());
    assertEquals(10, passed(second));
  }

  @Test
  void whatIsLeftOutNowIsTakenNextTime() throws Exception {
    others.begin();
    add(1, 4 * PER_PAGE, BUCKET_KNOWN);
    others.complete(RANGE);
    assertEquals(-1, passed(first));
    others.begin();
    add(1, PER_PAGE, BUCKET_KNOWN);
    others.complete(RANGE);
    assertEquals(PER_PAGE, passed(first));
  }

  @Test
  void anEmptyNamespaceIsCompleteToo() throws Exception {
    others.begin();
    others.complete(RANGE);
    assertTrue(second.isComplete());
    assertEquals(0, passed(second));
  }

  @Test
  void aWalkThatWasNotWholeBringsNothing() throws Exception {
    others.begin();
    add(1, 10, BUCKET_KNOWN);
    others.complete(RANGE);
    others.begin();
    assertEquals(-1, passed(first));
  }

  @Test
  void portsThatWereNotLookedAtAreWantedNextTime() throws Exception {
    assertEquals(RANGE, others.begin());
    others.complete(new Ports(40_000, 50_000));
    assertEquals(-1, passed(first));
    SocketPass pass = new SocketPass();
    assertFalse(second.pass(new Ports(1024, 2000), pass));
    assertEquals(new Ports(1024, 60_999), others.begin());
  }

  @Test
  void whoLeavesHasNothing() {
    others.leave(1, first);
    others.leave(2, second);
    assertTrue(others.begin().isEmpty());
  }

  @Test
  void manyTornRecordsAreNoAnswer() {
    others.begin();
    add(1, 20, 0);
    others.complete(RANGE);
    assertEquals(
        Reason.MALFORMED, assertThrows(SourceException.class, () -> passed(first)).reason());
  }
}
