package io.github.portpool.source.conntrack;

import static io.github.portpool.linux.netlink.ConntrackBytes.CONFIRMED;
import static io.github.portpool.linux.netlink.ConntrackBytes.SRC_NAT;
import static io.github.portpool.linux.netlink.ConntrackBytes.STATUS;
import static io.github.portpool.linux.netlink.ConntrackBytes.TUPLE_REPLY;
import static io.github.portpool.linux.netlink.ConntrackBytes.attribute;
import static io.github.portpool.linux.netlink.ConntrackBytes.bigEndian;
import static io.github.portpool.linux.netlink.ConntrackBytes.connection;
import static io.github.portpool.linux.netlink.ConntrackBytes.message;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.portpool.linux.Errno;
import io.github.portpool.linux.netlink.DiagBlock;
import io.github.portpool.linux.netlink.Fuzz;
import io.github.portpool.linux.netlink.NetlinkMessages;
import io.github.portpool.pool.NatUsage;
import io.github.portpool.snapshot.Protocol;
import io.github.portpool.source.SourceException;
import io.github.portpool.source.SourceException.Reason;
import io.github.portpool.source.sockdiag.ScriptedKernel;
import io.github.portpool.source.sockdiag.ScriptedKernel.Reply;
import io.github.portpool.table.DestinationTable;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.Test;

class ConntrackDumpTest {
  private static final int CT_NEW = 0x100;
  private static final int TCP = 6;
  private static final int UDP = 17;
  private static final int NAT = SRC_NAT | CONFIRMED;

  private final DestinationTable groups = new DestinationTable(100);

  @Test
  void groupsByNatAddressServerAndPort() throws SourceException {
    read(block ->
        block
            .message(CT_NEW, connection(TCP, NAT, "192.0.2.1", "10.0.0.2", 80))
            .message(CT_NEW, connection(TCP, NAT, "192.0.2.1", "10.0.0.2", 80))
            .message(CT_NEW, connection(TCP, NAT, "192.0.2.1", "10.0.0.2", 443))
            .message(CT_NEW, connection(TCP, NAT, "192.0.2.9", "10.0.0.2", 80))
            .message(CT_NEW, connection(UDP, NAT, "192.0.2.1", "10.0.0.2", 80))
            .message(CT_NEW, connection(TCP, NAT, "2001:db8::1", "2001:db8:1:2:3:4:5:6", 65_535))
            .message(NetlinkMessages.NLMSG_NOOP, new byte[5])
            .done());
    assertEquals(
        List.of(
            "TCP 192.0.2.1 -> 10.0.0.2:80 2",
            "TCP 192.0.2.1 -> 10.0.0.2:443 1",
            "TCP 192.0.2.9 -> 10.0.0.2:80 1",
            "UDP 192.0.2.1 -> 10.0.0.2:80 1",
            "TCP 2001:db8::1 -> [2001:db8:1:2:3:4:5:6]:65535 1"),
        rows());
    assertEquals(2, NatUsage.worst(groups, Protocol.TCP));
    assertEquals(1, NatUsage.worst(groups, Protocol.UDP));
  }

  @Test
  void anEmptyTableHasNoWorstGroup() throws SourceException {
    read(DiagBlock::done);
    assertEquals(0, NatUsage.worst(groups, Protocol.TCP));
    assertEquals(List.of(), rows());
  }

  /** An older kernel does not know the filter. */
  @Test
  void leavesOutWhatIsNotTranslatedAndOtherProtocols() throws SourceException {
    byte[] icmp =
        message(
            2,
            attribute(STATUS, bigEndian(NAT)),
            attribute(
                TUPLE_REPLY,
                attribute(1, attribute(1, new byte[4]), attribute(2, new byte[4])),
                attribute(2, attribute(1, new byte[] {1}), attribute(5, new byte[1]))));
    read(block ->
        block
            .message(CT_NEW, connection(TCP, CONFIRMED, "192.0.2.1", "10.0.0.2", 80))
            .message(CT_NEW, connection(TCP, ~SRC_NAT, "192.0.2.1", "10.0.0.2", 80))
            .message(CT_NEW, connection(132, NAT, "192.0.2.1", "10.0.0.2", 80))
            .message(CT_NEW, icmp)
            .message(0x102, new byte[1])
            .done());
    assertEquals(List.of(), rows());
  }

  @Test
  void aRefusalNamesItsCure() {
    assertTrue(
        assertFails(Reason.REFUSED, block -> block.error(Errno.EPERM.number()))
            .message()
            .contains("CAP_NET_ADMIN"));
    assertTrue(
        assertFails(Reason.REFUSED, block -> block.error(Errno.EINVAL.number()))
            .message()
            .contains("modprobe nf_conntrack_netlink"));
  }

  @Test
  void aTableThatChangesIsReadAgainFromTheBeginning() throws SourceException {
    AtomicInteger asked = new AtomicInteger();
    byte[] connection = connection(TCP, NAT, "192.0.2.1", "10.0.0.2", 80);
    read(block -> {
      block.message(CT_NEW, connection);
      return asked.getAndIncrement() < 2
          ? block.flag(NetlinkMessages.NLM_F_DUMP_INTR).message(CT_NEW, connection)
          : block.done();
    });
    assertEquals(List.of("TCP 192.0.2.1 -> 10.0.0.2:80 1"), rows());
    assertEquals(3, asked.get());
    assertFails(
        Reason.INTERRUPTED,
        block -> block.flag(NetlinkMessages.NLM_F_DUMP_INTR).message(CT_NEW, connection));
  }

  @Test
  void anAnswerThatIsCutOffOrNeverEnds() {
    assertFails(
        Reason.TIMEOUT,
        block -> block.message(CT_NEW, connection(TCP, NAT, "192.0.2.1", "10.0.0.2", 80)));
    ScriptedKernel kernel = new ScriptedKernel(request -> List.of(Reply.cutOff(65_540)));
    assertEquals(
        Reason.TRUNCATED,
        assertThrows(SourceException.class, () -> new ConntrackDump(kernel).read(groups)).reason());
  }

  @Test
  void whatIsNoConnection() {
    assertFails(Reason.MALFORMED, block -> block.message(CT_NEW, message(2)).done());
    // The protocol is one with ports, and the ports are missing.
    byte[] portless =
        message(
            2,
            attribute(STATUS, bigEndian(NAT)),
            attribute(
                TUPLE_REPLY,
                attribute(1, attribute(1, new byte[4]), attribute(2, new byte[4])),
                attribute(2, attribute(1, new byte[] {TCP}))));
    assertFails(Reason.MALFORMED, block -> block.message(CT_NEW, portless).done());
  }

  /** Whatever bytes come, a read ends in a table or in a SourceException, and reads only them. */
  @Test
  void spoiltAnswers() {
    int good = 0;
    int cases = Fuzz.cases(20_000);
    for (int seed = 0; seed < cases; seed++) {
      List<String> one = outcome(seed, (byte) 0);
      assertEquals(one, outcome(seed, (byte) -1), "seed " + seed);
      good += one.getFirst().equals("good") ? 1 : 0;
    }
    assertTrue(good > cases / 20 && good < cases, good + " good");
  }

  private static List<String> outcome(long seed, byte filler) {
    Random random = new Random(seed);
    ScriptedKernel kernel =
        new ScriptedKernel(request -> {
          byte[] bytes =
              new DiagBlock(request)
                  .message(CT_NEW, connection(TCP, NAT, "192.0.2.1", "10.0.0.2", 80))
                  .message(CT_NEW, connection(UDP, NAT, "2001:db8::1", "2001:db8::2", 53))
                  .done()
                  .bytes();
          return List.of(Reply.block(Fuzz.spoil(bytes, random)));
        });
    kernel.filler = filler;
    ConntrackDumpTest test = new ConntrackDumpTest();
    try {
      new ConntrackDump(kernel).read(test.groups);
      List<String> outcome = new ArrayList<>(List.of("good"));
      outcome.addAll(test.rows());
      return outcome;
    } catch (SourceException e) {
      assertFalse(e.message().isBlank());
      return List.of(e.message());
    }
  }

  private SourceException assertFails(Reason reason, UnaryOperator<DiagBlock> answer) {
    SourceException failure = assertThrows(SourceException.class, () -> read(answer));
    assertEquals(reason, failure.reason(), failure.message());
    return failure;
  }

  private void read(UnaryOperator<DiagBlock> answer) throws SourceException {
    try (ConntrackDump dump =
        new ConntrackDump(
            ScriptedKernel.ofBlocks(request -> answer.apply(new DiagBlock(request))))) {
      dump.read(groups);
    }
  }

  private List<String> rows() {
    List<String> rows = new ArrayList<>();
    for (int row = 0; row < groups.rows(); row++) {
      var group = groups.destination(row);
      rows.add(
          "%s %s -> %s %d"
              .formatted(group.protocol(), group.source(), group.destination(), groups.ports(row)));
    }
    return rows;
  }
}
