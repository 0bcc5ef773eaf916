package io.github.portpool.sample;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.portpool.host.ConnectFailures;
import io.github.portpool.host.RecentFailures;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

class RecentCountTest {
  private final RecentCount counts = new RecentCount(0);

  private RecentFailures at(long second, long count) {
    return counts.add(
        TimeUnit.SECONDS.toNanos(second), new ConnectFailures(count, 0, 0, 0, Map.of()));
  }

  @Test
  void moreThanTenInFiveMinutesAlarm() {
    for (int second = 5; second < 300; second += 5) {
      assertFalse(at(second, 0).alarming());
    }
    assertFalse(at(300, 10).alarming());
    RecentFailures recent = at(305, 21);
    assertEquals(21, recent.count());
    assertTrue(recent.alarming());
  }

  @Test
  void whatFailedLongAgoAlarmsNobody() {
    assertTrue(at(5, 1000).alarming());
    assertTrue(at(300, 1000).alarming());
    for (int second = 305; second <= 610; second += 5) {
      at(second, 1000);
    }
    assertEquals(0, at(615, 1000).count());
    assertFalse(at(620, 1000).alarming());
  }

  @Test
  void aSingleFailureAtTheBeginningIsForgottenSoon() {
    assertTrue(at(5, 1).alarming());
    assertFalse(at(30, 1).alarming());
  }

  @Test
  void nothingCountedAlarmsNobody() {
    assertFalse(RecentFailures.uncounted("no rights").alarming());
    assertFalse(RecentFailures.of(0, 0).alarming());
  }
}
