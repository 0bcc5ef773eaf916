package io.github.portpool.source.failures;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.portpool.host.ConnectFailures.Culprit;
import io.github.portpool.linux.netlink.Fuzz;
import java.net.InetAddress;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;

/** Records of a process that is gone: who it was is empty, where it wanted to go is not. */
class FailureRecordsTest {
  private static final int NOBODY = 0x3fff_ffff;
  private static final int RECORD_BYTES = 104;

  private static final int MOST_ROWS = 1000;

  private final CulpritTable table = new CulpritTable(MOST_ROWS, () -> 0);
  private final FailureRecords records =
      new FailureRecords(new StateChange(2287, 26, 56, 72), table);

  private static byte[] record(int rawBytes, String address, int port) throws Exception {
    ByteBuffer record = ByteBuffer.allocate(RECORD_BYTES).order(ByteOrder.nativeOrder());
    record.putInt(0, 9).putShort(6, (short) RECORD_BYTES).putInt(8, NOBODY).putInt(12, NOBODY);
    record.putInt(16, rawBytes).putShort(20 + 26, (short) port);
    byte[] ip = InetAddress.getByName(address).getAddress();
    if (ip.length == 4) {
      record.putShort(20 + 56 + 10, (short) -1);
    }
    record.put(20 + 56 + 16 - ip.length, ip);
    return record.putLong(20 + rawBytes, 4711).array();
  }

  @Test
  void theDestinationIsText() throws Exception {
    records.read(record(76, "10.1.2.3", 65_535), RECORD_BYTES, true);
    records.read(record(76, "2001:db8::1", 443), RECORD_BYTES, true);
    assertEquals(
        Map.of(
            new Culprit(0, "", 4711, "10.1.2.3:65535"), 1L,
            new Culprit(0, "", 4711, "[2001:db8::1]:443"), 1L),
        table.culprits());
  }

  @Test
  void aRecordThatEndsBeforeTheAddressIsPassedOver() throws Exception {
    records.read(record(71, "10.1.2.3", 80), RECORD_BYTES, true);
    assertEquals(0, table.failures());
    records.read(record(72, "10.1.2.3", 80), RECORD_BYTES, true);
    assertEquals(1, table.failures());
  }

  @Test
  void spoiltRecordsAreSurvived() throws Exception {
    byte[] good = record(76, "10.1.2.3", 80);
    Random random = new Random(5);
    int cases = Fuzz.cases(5_000);
    for (int i = 0; i < cases; i++) {
      byte[] bytes = Fuzz.spoil(good, random);
      records.read(bytes, bytes.length, random.nextBoolean());
    }
    assertTrue(table.failures() <= cases);
    assertTrue(table.culprits().size() <= MOST_ROWS);
  }
}
