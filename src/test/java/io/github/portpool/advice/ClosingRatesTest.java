package io.github.portpool.advice;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.github.portpool.snapshot.SocketState;
import io.github.portpool.snapshot.TcpSettings;
import io.github.portpool.table.Destination;
import io.github.portpool.table.EphemeralPorts;
import io.github.portpool.table.PortSet;
import io.github.portpool.table.SocketEntries;
import io.github.portpool.table.SocketEntry;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ClosingRatesTest {
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
    "1, 1000, 40, 100", // 40 are held, each for a second
    "1, 500, 40, 200",
    "1, -1, 40, 100", // before Linux 6.14: until the next second of the kernel's clock
    "0, 1000, 6, 1.6667", // 60 within ten seconds, and each is held for a minute
    "0, -1, 6, 1.6667"
  })
  void whatIsHeldTellsTheRate(int twReuse, int delayMillis, double closed, double sustained) {
    TcpSettings settings = new TcpSettings(twReuse, delayMillis, 1, 60, 100_000);
    ClosingRates rates = new ClosingRates();
    rates.begin(new EphemeralPorts(FIRST, FIRST + 99, new PortSet()), settings);
    SocketEntry last = timeWait(FIRST, 0);
    for (int i = 0; i < 60; i++) {
      // As the kernel's clock of seconds has them, where there is no delay.
      int age = 250 + i / 20 * 500;
      last = timeWait(FIRST + i, age);
      last.ageMillis = delayMillis < 0 ? age / 1000 * 1000 : age;
      rates.socket(last);
    }
    Flow flow = rates.of(Destination.of(last), 40, 100);
    assertEquals(closed, flow.closed(), 0.001);
    assertEquals(sustained, flow.sustained(), 0.001);
    assertEquals(closed > sustained ? 40 / (closed - sustained) : -1, flow.secondsLeft(), 0.01);
  }
}
