package io.github.portpool.table;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.github.portpool.snapshot.Flow;
import io.github.portpool.snapshot.SocketState;
import io.github.portpool.snapshot.TcpSettings;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ClosingsTest {
  private static final int FIRST = 20_000;

  private static SocketEntry timeWait(int port, int ageMillis) {
    SocketEntry socket = SocketEntries.connection("10.0.0.1", port, "10.0.0.2", 80);
    socket.state = SocketState.TIME_WAIT;
    socket.ageMillis = ageMillis;
    socket.expiresMillis = SocketEntry.TIME_WAIT_MILLIS - ageMillis;
    return socket;
  }

  /** 100 ports, and 20 connections closed in each of the last three half seconds. */
  @ParameterizedTest
  @CsvSource({
    "1, 1000, 60, 40, 100", // 40 are held, each for a second
    "1, 500, 80, 40, 200",
    "1, -1, 60, 40, 100", // before Linux 6.14: until the next second of the kernel's clock
    "0, 1000, 40, 6, 1.6667", // 60 within ten seconds, and each is held for a minute
    "0, -1, 40, 6, 1.6667"
  })
  void whatIsHeldTellsTheRate(
      int twReuse, int delayMillis, int free, double closed, double sustained) {
    TcpSettings settings = new TcpSettings(twReuse, delayMillis, 1, 60, 100_000);
    SocketTable table = new SocketTable();
    table.begin(new EphemeralPorts(FIRST, FIRST + 99, new PortSet()), settings);
    SocketEntry last = timeWait(FIRST, 0);
    for (int i = 0; i < 60; i++) {
      // As the kernel's clock of seconds has them, where there is no delay.
      int age = 250 + i / 20 * 500;
      last = timeWait(FIRST + i, age);
      last.ageMillis = delayMillis < 0 ? age / 1000 * 1000 : age;
      table.socket(last);
    }
    Destination group = Destination.of(last);
    assertEquals(free, table.headroom(group).free());
    Flow flow = table.flow(group);
    assertEquals(closed, flow.closed(), 0.001);
    assertEquals(sustained, flow.sustained(), 0.001);
    assertEquals(
        closed > sustained ? free / (closed - sustained) : Double.POSITIVE_INFINITY,
        flow.secondsLeft(),
        0.01);
  }
}
