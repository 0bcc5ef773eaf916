package io.github.portpool.e2e.commands;

import static io.github.portpool.oracle.Kernel.check;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.google.gson.Gson;
import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import io.github.portpool.Await;
import io.github.portpool.NeedsHost;
import io.github.portpool.e2e.AgentProcess;
import io.github.portpool.e2e.Program;
import io.github.portpool.e2e.Program.Outcome;
import io.github.portpool.e2e.Scrape;
import io.github.portpool.oracle.Kernel.Server;
import io.github.portpool.oracle.Netns;
import io.github.portpool.oracle.Population;
import io.github.portpool.oracle.TestSocket;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What {@code what-if} says of other settings is what the kernel does once they are set. */
@NeedsHost
class WhatIfTest {
  private static final String ME = "127.0.0.1";

  /** Between two attempts while there is no port. */
  private static final long PAUSE_NANOS = 200_000;

  private static final int EADDRNOTAVAIL = 99;

  private Netns netns;
  private Population population;
  private Server web;

  @BeforeEach
  void enter() throws Exception {
    netns = Netns.create();
    netns.range(20_000, 20_099);
    netns.sysctl("tcp_tw_reuse", "0");
    netns.call(() -> {
      population = new Population();
      web = new Server(80);
      return null;
    });
  }

  @AfterEach
  void leave() {
    population.close();
    web.close();
    netns.close();
  }

  private JsonObject whatIf(String... options) throws Exception {
    List<String> command = new ArrayList<>(List.of("what-if", "--json"));
    command.addAll(List.of(options));
    Outcome outcome = netns.call(() -> Program.run(command.toArray(String[]::new)));
    assertEquals(0, outcome.exitCode(), outcome.err()::toString);
    return new Gson().fromJson(String.join("\n", outcome.out()), JsonObject.class);
  }

  /** What is said of the destination of the test. */
  private static JsonObject toward(JsonObject answer) {
    for (JsonElement each : answer.getAsJsonArray("destinations")) {
      if (each.getAsJsonObject().get("destination").getAsString().equals(ME + ":80")) {
        return each.getAsJsonObject();
      }
    }
    throw new AssertionError(answer.toString());
  }

  /** How many more connections the kernel makes. */
  private int connects() throws Exception {
    return netns.call(() -> {
      List<TestSocket> made = new ArrayList<>();
      try {
        while (true) {
          TestSocket socket = TestSocket.tcp(false).resetOnClose();
          made.add(socket);
          int errno = socket.connect(ME, 80);
          if (errno == EADDRNOTAVAIL) {
            return made.size() - 1;
          }
          check(errno);
        }
      } finally {
        made.forEach(TestSocket::close);
      }
    });
  }

  @ParameterizedTest
  @CsvSource({
    "20000-20149, '', 0",
    "20000-20149, '', 1",
    "20000-20149, '', 2",
    "20000-20149, '20040-20044,20101', 0",
    "20000-20059, '', 0",
    "20000-20059, '20003', 1",
    "20050-20249, '20110', 0",
    "21000-21059, '', 0",
    "20010-20029, '', 1",
    "20000-20099, '', 1",
  })
  void theHeadroomIsThatAfterSettingThem(String range, String reserved, int twReuse)
      throws Exception {
    netns.call(() -> {
      check(population.listen(TestSocket.tcp(false), ME, 20_120));
      check(population.bind(TestSocket.tcp(false), ME, 20_110));
      check(population.bindThenConnect(ME, 20_055, ME, web));
      for (int i = 0; i < 40; i++) {
        check(population.connect(ME, ME, web));
      }
      for (int i = 0; i < 30; i++) {
        population.timeWait(ME, ME, web);
      }
      return null;
    });
    // Each TIME_WAIT is older than the delay of tcp_tw_reuse, or the answer changes meanwhile.
    long old = System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(1500);
    Await.until("they are a second old", () -> System.nanoTime() - old > 0);
    JsonObject answer =
        whatIf("--range", range, "--reserved", reserved, "--tw-reuse", String.valueOf(twReuse));
    int now = toward(answer).getAsJsonObject("now").get("free").getAsInt();
    int then = toward(answer).getAsJsonObject("then").get("free").getAsInt();
    assertEquals(100 - 71, now);
    netns.sysctl("tcp_tw_reuse", String.valueOf(twReuse));
    netns.sysctl("ip_local_reserved_ports", reserved);
    netns.sysctl("ip_local_port_range", range.replace('-', ' '));
    assertEquals(then, connects());
  }

  @ParameterizedTest
  @CsvSource({
    "40, 1000, 0",
    "80, 1000, 0",
    "20, 1000, 0",
    "60, 2000, 0",
    "40, 500, 0",
    "100, 500, 0",
    "80, 1500, 0",
    "90, 1000, 50", // those stay connected
    "60, 500, 20",
    "120, 1000, 100",
  })
  void theRateIsThatOfALoadThatTakesAllItGets(int ports, int delayMillis, int staying)
      throws Exception {
    netns.range(20_000, 20_000 + ports - 1);
    netns.sysctl("tcp_tw_reuse", "1");
    netns.sysctl("tcp_tw_reuse_delay", String.valueOf(delayMillis));
    netns.call(() -> {
      for (int i = 0; i < staying; i++) {
        check(population.connect(ME, ME, web));
      }
      return null;
    });
    double predicted = (ports - staying) * 1e3 / delayMillis;
    // A machine that is busy with other things may keep the load from taking all it gets, for a
    // while; more than comes back it never gets, but for the pool that it begins with.
    long begun = System.nanoTime();
    AtomicInteger total = new AtomicInteger();
    Await.until(
        "a load takes all that comes back",
        () -> {
          long from = System.nanoTime();
          int closed = netns.call(() -> closed(TimeUnit.MILLISECONDS.toNanos(4L * delayMillis)));
          double measured = closed / ((System.nanoTime() - from) / 1e9);
          double most = ports + predicted * (System.nanoTime() - begun) / 1e9;
          assertTrue(total.addAndGet(closed) <= most + 1, total + " of " + most);
          return Math.abs(predicted / measured - 1) <= 0.05;
        });
    JsonObject flow = toward(whatIf()).getAsJsonObject("now");
    assertEquals(predicted, flow.get("sustainablePerSecond").getAsDouble(), 1e-9);
  }

  /** Half of the pool is closed within a moment, and comes back a minute later. */
  @Test
  void theAgentHasTheRateAsMetrics() throws Exception {
    netns.call(() -> {
      for (int i = 0; i < 50; i++) {
        population.timeWait(ME, ME, web);
      }
      String outside = "--web.listen-address=127.0.0.1:10696";
      try (AgentProcess agent =
          AgentProcess.start(Program.process("serve", "--sample.interval=10m", outside))) {
        Scrape scrape = agent.scrape();
        assertEquals(5, scrape.value(series("closed_connections_per_second")));
        assertEquals(100 / 60.0, scrape.value(series("sustainable_connections_per_second")), 1e-9);
        double free = scrape.value(series("free_ports"));
        assertEquals(50, free);
        assertEquals(free / (5 - 100 / 60.0), scrape.value(series("exhaustion_seconds")), 1e-9);
      }
      return null;
    });
    Outcome status = netns.call(() -> Program.run("status"));
    assertTrue(
        String.join("\n", status.out()).contains("    closes 5.0/s, can sustain 1.7/s, runs out"),
        status.toString());
  }

  private static String series(String name) {
    return "portpool_destination_%s{destination=\"%s:80\",netns=\"host\",protocol=\"tcp\",source=\"%s\"}"
        .formatted(name, ME, ME);
  }

  /** Connects and closes as often as there is a port, for some time. */
  private int closed(long nanos) throws Exception {
    int closed = 0;
    long end = System.nanoTime() + nanos;
    while (System.nanoTime() - end < 0) {
      TestSocket client = TestSocket.tcp(false);
      int errno = client.connect(ME, 80);
      client.close();
      if (errno != EADDRNOTAVAIL) {
        check(errno);
        web.drain();
        closed++;
      } else {
        LockSupport.parkNanos(PAUSE_NANOS);
      }
    }
    return closed;
  }

  @Test
  void thePageSaysBoth() throws Exception {
    netns.call(() -> {
      check(population.connect(ME, ME, web));
      return null;
    });
    Outcome outcome =
        netns.call(() -> Program.run("what-if", "--range", "20000-20199", "--tw-reuse", "1"));
    String text = String.join("\n", outcome.out());
    assertTrue(text.contains("20000-20099  20000-20199"), text);
    assertTrue(text.contains("now:  99 free, closes 0.0/s, can sustain 1.7/s"), text);
    assertTrue(text.contains("then: 199 free, closes 0.0/s, can sustain 199/s"), text);
    for (String wrong : List.of("--range=5", "--range=9-5", "--tw-reuse=3", "--reserved=x")) {
      assertEquals(2, netns.call(() -> Program.run("what-if", wrong)).exitCode(), wrong);
    }
  }
}
