package io.github.portpool.sample;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.portpool.lookup.LookupException;
import io.github.portpool.sample.PortMap.Cell;
import io.github.portpool.snapshot.Protocol;
import io.github.portpool.snapshot.Snapshot;
import io.github.portpool.snapshot.SocketState;
import io.github.portpool.snapshot.TcpSettings;
import io.github.portpool.source.OwnerSource;
import io.github.portpool.source.SourceException;
import io.github.portpool.source.SourceException.Reason;
import io.github.portpool.table.EphemeralPorts;
import io.github.portpool.table.PortSet;
import io.github.portpool.table.SocketEntries;
import io.github.portpool.table.SocketTable;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

/** What a sampler remembers: the map of ports, and the last hour. */
class MemoryTest {
  private static Sampler sampler(ScriptedSource.Pass pass) {
    return new Sampler(
        HostSources.of(new ScriptedSource(pass)),
        new Sampler.Options(Duration.ofSeconds(5), new CpuBudget(1000), new Bounds(10, 10, 10, 0)),
        SampleWatch.NOBODY,
        OwnerSource.none("not here"));
  }

  @Test
  void theMapShowsTheLastGoodPass() throws Exception {
    PortMemory memory = new PortMemory(new SocketTable(10));
    ScriptedSource source =
        new ScriptedSource((sink, pass) -> {
          sink.begin(new EphemeralPorts(40_000, 40_999, new PortSet()), TcpSettings.NONE);
          if (pass == 1) {
            sink.socket(SocketEntries.withoutPeer(SocketState.LISTEN, "0.0.0.0", 65_535));
            sink.socket(SocketEntries.udpServer("::", 65_535));
            sink.socket(SocketEntries.connection("10.0.0.1", 40_000, "10.0.0.2", 80));
          } else if (pass == 2) {
            throw new SourceException(Reason.SOCKET, "a failure");
          } else {
            sink.socket(SocketEntries.withoutPeer(SocketState.BOUND, "0.0.0.0", 40_000));
          }
        });
    memory.read(source);
    expectFirst(memory.map(Instant.EPOCH));
    pauseForATenth();
    assertThrows(SourceException.class, () -> memory.read(source));
    expectFirst(memory.map(Instant.EPOCH));
    memory.read(source);
    PortMap map = memory.map(Instant.EPOCH);
    assertEquals(Cell.EARLIER, map.cell(Protocol.TCP, 65_535));
    assertEquals(Cell.BOUND, map.cell(Protocol.TCP, 40_000));
    assertEquals(0x66, map.bytes()[65_535]);
  }

  private static void expectFirst(PortMap map) {
    assertEquals(Cell.LISTENING, map.cell(Protocol.TCP, 65_535));
    assertEquals(Cell.BOUND, map.cell(Protocol.UDP, 65_535));
    assertEquals(Cell.CONNECTED, map.cell(Protocol.TCP, 40_000));
    assertEquals(Cell.NOTHING, map.cell(Protocol.UDP, 40_000));
    assertEquals(0x21, map.bytes()[65_535]);
  }

  /** The history tells times apart that differ by a tenth of a second. */
  private static void pauseForATenth() {
    long end = System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(110);
    while (System.nanoTime() < end) {
      Thread.onSpinWait();
    }
  }

  @Test
  void theSamplerMakesTheMapWhenItIsAskedFor() throws Exception {
    Sampler sampler = sampler((sink, pass) -> ScriptedSource.connections(sink, 3));
    LookupException early = assertThrows(LookupException.class, sampler::map);
    assertEquals("there was no sample yet: ask again", early.message());
    sampler.start();
    while (sampler.report().lastGood() == null) {
      Thread.onSpinWait();
    }
    PortMap map = sampler.map();
    assertEquals(Cell.CONNECTED, map.cell(Protocol.TCP, 40_002));
    assertSame(map, sampler.map());
    sampler.close();
  }

  @Test
  void theTrendHasTheHighestOfTenSecondsForAnHour() {
    Snapshot some = snapshot(3);
    Snapshot more = snapshot(7);
    Trend trend = new Trend();
    trend.add(more, 0, 5);
    trend.add(some, TimeUnit.SECONDS.toNanos(9), 6);
    List<TrendPoint> points = trend.points();
    assertEquals(1, points.size());
    assertEquals(new TrendPoint(more.time(), 1000, 7, 7, 0, 0, 0, 6), points.getFirst());
    for (int second = 10; second < 5000; second++) {
      trend.add(some, TimeUnit.SECONDS.toNanos(second), 6);
    }
    assertEquals(360, trend.points().size());
    assertEquals(new TrendPoint(some.time(), 1000, 3, 3, 0, 0, 0, 0), trend.points().getFirst());
  }

  @Test
  void theTrendEndsAfterAnHourWhereSamplesAreRare() {
    Snapshot some = snapshot(3);
    Trend trend = new Trend();
    for (int minute = 0; minute < 300; minute += 2) {
      trend.add(some, TimeUnit.MINUTES.toNanos(minute), 0);
    }
    assertEquals(30, trend.points().size());
  }

  @Test
  void failedSamplesAreNoPoints() {
    Sampler sampler =
        sampler((sink, pass) -> {
          throw new SourceException(Reason.SOCKET, "a failure");
        });
    sampler.sample();
    assertTrue(sampler.trend().isEmpty());
    sampler.close();
  }

  private static Snapshot snapshot(int connections) {
    Sampler sampler = sampler((sink, pass) -> ScriptedSource.connections(sink, connections));
    Snapshot snapshot = Objects.requireNonNull(sampler.sample().lastGood());
    assertTrue(snapshot.time().isBefore(Instant.now().plusSeconds(1)));
    sampler.close();
    return snapshot;
  }
}
