package io.github.portpool.source.bpf;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.portpool.linux.netlink.Fuzz;
import io.github.portpool.snapshot.Feature;
import io.github.portpool.snapshot.SocketState;
import io.github.portpool.source.SocketPass;
import io.github.portpool.source.SourceException;
import io.github.portpool.source.SourceException.Reason;
import io.github.portpool.source.sockdiag.SockDiagSource;
import io.github.portpool.table.EphemeralPorts;
import io.github.portpool.table.Fact;
import io.github.portpool.table.PortSet;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import org.junit.jupiter.api.Test;

/** What becomes of answers, good and bad ones. */
class BpfTcpTest {
  private static final EphemeralPorts RANGE = new EphemeralPorts(20_000, 20_099, new PortSet());
  private static final int ESTABLISHED = 1;
  private static final int TIME_WAIT = 6;
  private static final int LISTEN = 10;

  private final List<String> asked = new ArrayList<>();

  /** Tables that answer each part with the same records; the first table has two parts. */
  private final class Prepared implements KernelTables {
    private final ByteBuffer answer;

    Prepared(byte[]... records) {
      int length = 64;
      for (byte[] record : records) {
        length += record.length;
      }
      answer = ByteBuffer.allocate(length).order(ByteOrder.LITTLE_ENDIAN);
      answer.putInt(0, length - 64).position(64);
      for (byte[] record : records) {
        answer.put(record);
      }
      answer.rewind();
    }

    @Override
    public ByteBuffer read(Part part) {
      asked.add(part.toString());
      answer.putInt(8, part.first() + part.buckets()).putInt(12, 5000);
      return answer;
    }

    @Override
    public void close() {}
  }

  private static byte[] record(int state, int flags, int port, int remotePort, int age) {
    boolean ipv6 = (flags & 128) != 0;
    ByteBuffer record = ByteBuffer.allocate(ipv6 ? 72 : 48).order(ByteOrder.LITTLE_ENDIAN);
    record.put((byte) state).put((byte) flags).putShort((short) port).putShort((short) remotePort);
    record.putShort((short) 0).putInt(7).putInt(1000).putInt(age).putInt(1).putLong(99).putLong(55);
    record.put(new byte[] {10, 0, 0, 1});
    return record.array();
  }

  private static SocketPass pass(KernelTables tables) throws SourceException {
    SocketPass pass = new SocketPass();
    pass.begin(RANGE, io.github.portpool.snapshot.TcpSettings.NONE);
    new BpfTcp(tables, 1).read(RANGE, pass);
    return pass;
  }

  @Test
  void wholeTablesAreReadPartByPart() throws Exception {
    pass(new Prepared());
    assertEquals(
        List.of(
            "bind_hash 0+4096 ports 1-65535",
            "bind_hash 4096+4096 ports 1-65535",
            "connections 0+1024 ports 20000-20099",
            "connections 1024+1024 ports 20000-20099",
            "connections 2048+1024 ports 20000-20099",
            "connections 3072+1024 ports 20000-20099",
            "connections 4096+1024 ports 20000-20099",
            "udp 0+4096 ports 20000-20099",
            "udp 4096+4096 ports 20000-20099"),
        asked);
  }

  @Test
  void aTimeWaitInFinWait2IsOne() throws Exception {
    assertEquals(
        SocketState.FIN_WAIT2,
        pass(new Prepared(record(TIME_WAIT, 2 | 32, 20_001, 80, 10))).sockets().getFirst().state());
  }

  @Test
  void aBucketSaysWhoClosesItsPort() throws Exception {
    assertEquals(
        Fact.YES,
        pass(new Prepared(record(ESTABLISHED, 1 | 2, 20_001, 80, 0)))
            .sockets()
            .getFirst()
            .bindMade());
    assertEquals(
        Fact.NO,
        pass(new Prepared(record(ESTABLISHED, 2, 20_001, 80, 0))).sockets().getFirst().bindMade());
  }

  @Test
  void fewTornRecordsAreLeftOutAndManyAreNoAnswer() throws Exception {
    byte[] good = record(ESTABLISHED, 2, 20_001, 80, 0);
    byte[] closing = record(ESTABLISHED, 0, 20_002, 80, 0);
    byte[] state = record(0, 2, 20_003, 80, 0);
    byte[] peer = record(LISTEN, 3, 20_004, 80, 0);
    assertEquals(9, pass(new Prepared(good, closing)).sockets().size());
    SourceException many =
        assertThrows(
            SourceException.class,
            () -> pass(new Prepared(state, peer, state, peer, state, peer, state, peer, state)));
    assertEquals(Reason.MALFORMED, many.reason());
  }

  @Test
  void whatWasLostIsNoAnswer() {
    Prepared tables = new Prepared();
    tables.answer.putInt(4, 1);
    SourceException lost = assertThrows(SourceException.class, () -> pass(tables));
    assertEquals(Reason.TRUNCATED, lost.reason());
  }

  @Test
  void sockDiagReadsWhatTheTablesDoNot() throws Exception {
    KernelTables failing =
        new KernelTables() {
          private int reads;

          @Override
          public ByteBuffer read(Part part) throws IOException {
            if (reads++ < 1) {
              throw new IOException("it fails once");
            }
            return new Prepared().read(part);
          }

          @Override
          public void close() {}
        };
    try (SockDiagSource source =
        new SockDiagSource("bpf", SockDiagSource.kernel(), Optional.of(new BpfTcp(failing, 1)))) {
      SocketPass pass = new SocketPass();
      source.read(pass);
      assertEquals(Reason.REFUSED, source.setback().orElseThrow().reason());
      String reason = source.unavailable().get(Feature.EXACT_BLOCKED);
      assertTrue(reason != null && reason.contains("it fails once"), reason);
      assertFalse(pass.range().capacity() == 0);
      source.read(pass);
      assertTrue(source.setback().isEmpty());
      assertEquals(java.util.Map.of(), source.unavailable());
    }
  }

  @Test
  void selfTestFindsTablesThatShowOtherThings() {
    SourceException wrong =
        assertThrows(SourceException.class, () -> SelfTest.of(new BpfTcp(new Prepared(), 1)));
    assertEquals(Reason.MALFORMED, wrong.reason());
  }

  @Test
  void spoiltAnswersEndInSocketsOrInOneSentence() {
    byte[][] records = {
      record(ESTABLISHED, 2, 20_001, 80, 0),
      record(TIME_WAIT, 2 | 16 | 64 | 128, 20_002, 443, 5000),
      record(LISTEN, 1 | 2, 20_003, 0, 0)
    };
    int good = 0;
    int refused = 0;
    for (int seed = 0; seed < Fuzz.cases(3000); seed++) {
      Prepared tables = new Prepared(records);
      byte[] bytes = tables.answer.array();
      byte[] spoilt = Fuzz.spoil(bytes, new Random(seed));
      System.arraycopy(spoilt, 0, bytes, 0, Math.min(bytes.length, spoilt.length));
      try {
        for (SocketPass.Socket socket : pass(tables).sockets()) {
          assertEquals(socket.state().hasDestination(), socket.remotePort() != 0);
          assertTrue(socket.localPort() > 0);
        }
        good++;
      } catch (SourceException e) {
        assertFalse(e.message().isBlank());
        refused++;
      }
    }
    assertTrue(good > 0, "all refused");
    assertTrue(refused > 0, "none refused");
  }
}
