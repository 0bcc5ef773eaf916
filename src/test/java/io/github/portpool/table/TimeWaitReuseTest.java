package io.github.portpool.table;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;

import io.github.portpool.snapshot.SocketState;
import io.github.portpool.snapshot.TcpSettings;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

class TimeWaitReuseTest {
  private static final int OLD = 58_000;

  @ParameterizedTest
  @CsvSource({
    // tcp_tw_reuse, local, remote, interface, reusable
    "0, 10.0.0.1, 10.0.0.2, 0, false",
    "0, 127.0.0.1, 127.0.0.1, 1, false",
    "1, 10.0.0.1, 10.0.0.2, 0, true",
    "1, 2001:db8::1, 2001:db8::2, 0, true",
    "2, 10.0.0.1, 10.0.0.2, 0, false",
    "2, 2001:db8::1, 2001:db8::2, 0, false",
    "2, 10.0.0.1, 10.0.0.2, 2, false",
    "2, 127.0.0.1, 10.0.0.2, 0, true",
    "2, 10.0.0.1, 127.8.8.8, 0, true",
    "2, ::1, 2001:db8::2, 0, true",
    "2, 2001:db8::1, ::1, 0, true",
    "2, 10.0.0.1, 10.0.0.2, 1, true",
    "-1, 127.0.0.1, 127.0.0.1, 1, false",
  })
  void followsTwReuse(int reuse, String local, String remote, int device, boolean reusable) {
    SocketEntry socket = timeWait(local, remote, OLD);
    socket.interfaceIndex = device;
    assertEquals(reusable, socket.isReusable(settings(reuse, 1000, 1)));
  }

  @ParameterizedTest
  @CsvSource({
    // delay, milliseconds left of 60,000, reusable
    "1000, 59001, false",
    "1000, 59000, false",
    "1000, 58999, true",
    "1000, 0, true",
    "1000, 60000, false",
    "0, 60000, false",
    "0, 59999, true",
    "60000, 0, false",
    "59999, 0, true",
  })
  void waitsUntilTheDelayIsOver(int delay, int expires, boolean reusable) {
    SocketEntry socket = timeWait("10.0.0.1", "10.0.0.2", expires);
    assertEquals(reusable, socket.isReusable(settings(1, delay, 1)));
  }

  @ParameterizedTest
  @CsvSource({"0, false", "1, true", "2, true", "-1, false"})
  void needsTimestamps(int timestamps, boolean reusable) {
    SocketEntry socket = timeWait("10.0.0.1", "10.0.0.2", OLD);
    assertEquals(reusable, socket.isReusable(settings(1, 1000, timestamps)));
  }

  @ParameterizedTest
  @EnumSource(mode = EnumSource.Mode.EXCLUDE, names = "TIME_WAIT")
  void reusesNoOtherState(SocketState state) {
    SocketEntry socket = timeWait("10.0.0.1", "10.0.0.2", 0);
    socket.state = state;
    assertFalse(socket.isReusable(settings(1, 1000, 1)));
  }

  @Test
  void reusesNothingWhereNothingIsKnown() {
    assertFalse(timeWait("127.0.0.1", "127.0.0.1", 0).isReusable(TcpSettings.NONE));
  }

  private static TcpSettings settings(int reuse, int delay, int timestamps) {
    return new TcpSettings(reuse, delay, timestamps, 60, 8192);
  }

  private static SocketEntry timeWait(String local, String remote, int expires) {
    SocketEntry socket = SocketEntries.connection(local, 40_000, remote, 80);
    socket.state = SocketState.TIME_WAIT;
    socket.expiresMillis = expires;
    return socket;
  }
}
