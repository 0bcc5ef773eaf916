package io.github.portpool.table;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.net.InetAddress;
import java.nio.ByteBuffer;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class IpAddressTest {
  /** Vectors of RFC 5952, section 4, and its corners. */
  @ParameterizedTest
  @CsvSource({
    "0:0:0:0:0:0:0:0, ::",
    "0:0:0:0:0:0:0:1, ::1",
    "1:0:0:0:0:0:0:0, 1::",
    "0:1:0:0:0:0:0:0, 0:1::",
    "0:0:0:0:0:0:1:0, ::1:0",
    "2001:0db8:0:0:0:0:2:1, 2001:db8::2:1",
    "2001:db8:0:1:1:1:1:1, 2001:db8:0:1:1:1:1:1",
    "2001:0:0:1:0:0:0:1, 2001:0:0:1::1",
    "2001:db8:0:0:1:0:0:1, 2001:db8::1:0:0:1",
    "2001:DB8:AAAA:BBBB:CCCC:DDDD:EEEE:1, 2001:db8:aaaa:bbbb:cccc:dddd:eeee:1",
    "0:2:3:4:5:6:7:8, 0:2:3:4:5:6:7:8",
    "1:2:3:4:5:6:7:0, 1:2:3:4:5:6:7:0",
    "0:0:3:4:5:6:7:8, ::3:4:5:6:7:8",
    "1:2:3:4:5:6:0:0, 1:2:3:4:5:6::",
    "fe80:0:0:0:0:0:0:a, fe80::a",
    "ffff:ffff:ffff:ffff:ffff:ffff:ffff:ffff, ffff:ffff:ffff:ffff:ffff:ffff:ffff:ffff",
    "0:0:0:0:0:fffe:102:304, ::fffe:102:304",
    "0:0:0:0:1:ffff:102:304, ::1:ffff:102:304",
  })
  void writesIpv6AsTheRfcDoes(String long8, String text) {
    assertEquals(text, text(InetAddress.ofLiteral(long8).getAddress()));
  }

  @ParameterizedTest
  @CsvSource({
    "0:0:0:0:0:ffff:0102:0304, 1.2.3.4",
    "0:0:0:0:0:ffff:0:0, 0.0.0.0",
    "0:0:0:0:0:ffff:ffff:ffff, 255.255.255.255",
  })
  void writesMappedIpv4InDecimals(String groups, String text) {
    long low = 0;
    for (String group : groups.split(":", -1)) {
      low = low << 16 | Integer.parseInt(group, 16);
    }
    assertEquals(text, IpAddress.text(0, low));
    assertTrue(IpAddress.isIpv4(0, low));
    assertEquals(low, IpAddress.mapped((int) low));
    assertEquals(text + ":80", IpAddress.withPort(0, low, 80));
  }

  @Test
  void theJdkReadsWhatWasWritten() {
    Random random = new Random(5952);
    for (int i = 0; i < 20_000; i++) {
      byte[] bytes = new byte[16];
      for (int group = 0; group < 8; group++) {
        if (random.nextInt(3) == 0) {
          bytes[2 * group] = (byte) (random.nextBoolean() ? random.nextInt() : 0);
          bytes[2 * group + 1] = (byte) random.nextInt();
        }
      }
      String text = text(bytes);
      assertEquals(InetAddress.ofLiteral(hex(bytes)), InetAddress.ofLiteral(text), text);
      assertEquals(text.indexOf("::"), text.lastIndexOf("::"), text);
      assertFalse(text.contains(":::"), text);
    }
  }

  @Test
  void bracketsIpv6BeforeAPort() {
    assertEquals("[::1]:443", IpAddress.withPort(0, 1, 443));
    assertEquals("[::]:0", IpAddress.withPort(0, 0, 0));
  }

  @ParameterizedTest
  @ValueSource(strings = {"127.0.0.1", "127.255.255.255", "127.0.0.0", "::1"})
  void knowsLoopback(String address) {
    SocketEntry socket = SocketEntries.connection(address, 1, address, 1);
    assertTrue(IpAddress.isLoopback(socket.localHigh, socket.localLow));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"126.255.255.255", "128.0.0.0", "0.0.0.0", "::", "::2", "1::1", "::127.0.0.1"})
  void knowsWhatIsNotLoopback(String address) {
    SocketEntry socket = SocketEntries.connection(address, 1, address, 1);
    assertFalse(IpAddress.isLoopback(socket.localHigh, socket.localLow));
  }

  private static String text(byte[] bytes) {
    ByteBuffer address = ByteBuffer.wrap(bytes);
    return IpAddress.text(address.getLong(), address.getLong());
  }

  private static String hex(byte[] bytes) {
    StringBuilder text = new StringBuilder();
    for (int i = 0; i < 16; i += 2) {
      text.append(i == 0 ? "" : ":").append("%02x%02x".formatted(bytes[i], bytes[i + 1]));
    }
    return text.toString();
  }
}
