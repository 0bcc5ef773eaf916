package io.github.portpool.e2e.web;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.portpool.MostlyWaits;
import io.github.portpool.e2e.AgentProcess;
import io.github.portpool.e2e.Http;
import io.github.portpool.e2e.Scrape;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentSkipListSet;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/**
 * Fifty clients that scrape as fast as they can neither fail nor keep the sampler from its work.
 * How late samples come is measured by {@code src/bench/scrape_load.py}.
 */
@MostlyWaits
@Timeout(300)
class ScrapeLoadTest {
  private static final int CLIENTS = 50;
  private static final int SAMPLES = 5;
  private static final int CROWD = 2500;
  private static final String TIMESTAMP = "portpool_sample_timestamp_seconds{netns=\"host\"}";

  @Test
  void samplingGoesOnUnderScrapes() throws Exception {
    Set<Double> timestamps = new ConcurrentSkipListSet<>();
    AtomicInteger scrapes = new AtomicInteger();
    try (AgentProcess agent =
            AgentProcess.serve("--sample.interval=1s", "--sample.cpu-budget=100%");
        ExecutorService clients = Executors.newVirtualThreadPerTaskExecutor()) {
      Http http = agent.http();
      List<Future<?>> running = new ArrayList<>();
      for (int i = 0; i < CLIENTS; i++) {
        running.add(
            clients.submit(() -> {
              while (timestamps.size() < SAMPLES) {
                Http.Answer answer = http.get("/metrics");
                assertEquals(200, answer.status());
                timestamps.add(Scrape.of(answer.text()).value(TIMESTAMP));
                scrapes.incrementAndGet();
              }
              return null;
            }));
      }
      for (Future<?> client : running) {
        try {
          client.get(3, TimeUnit.MINUTES);
        } catch (ExecutionException e) {
          throw new AssertionError(agent.log().toString(), e);
        }
      }
      Scrape last = agent.scrape();
      assertEquals(1, last.value("portpool_sample_success{netns=\"host\"}"));
    }
    assertTrue(scrapes.get() > CLIENTS, "only " + scrapes + " scrapes");
  }

  @Test
  void clientsThatDoNotReadTakeNoMemory() throws Exception {
    byte[] request =
        "GET /api/v1/openapi.json HTTP/1.1\r\nHost: localhost\r\n\r\n".getBytes(US_ASCII);
    try (AgentProcess agent = AgentProcess.serve("--sample.interval=1s")) {
      List<Socket> crowd = new ArrayList<>();
      try {
        for (int i = 0; i < CROWD; i++) {
          Socket client = new Socket();
          crowd.add(client);
          client.setReceiveBufferSize(1024);
          try {
            client.connect(agent.address(), 5000);
            client.getOutputStream().write(request);
          } catch (IOException e) {
            // One too many: the agent has closed it.
          }
        }
      } finally {
        for (Socket client : crowd) {
          client.close();
        }
      }
      assertEquals(1, agent.scrapeNext().value("portpool_sample_success{netns=\"host\"}"));
      assertEquals(200, agent.http().get("/-/healthy").status());
    }
  }

  @Test
  void clientsThatDoNotReadKeepNobodyWaiting() throws Exception {
    byte[] requests =
        "GET /api/v1/openapi.json HTTP/1.1\r\nHost: localhost\r\n\r\n"
            .repeat(200)
            .getBytes(US_ASCII);
    try (AgentProcess agent = AgentProcess.serve()) {
      List<Socket> crowd = new ArrayList<>();
      try {
        for (int i = 0; i < 40; i++) {
          Socket client = new Socket();
          crowd.add(client);
          client.setReceiveBufferSize(1024);
          client.connect(agent.address(), 5000);
          client.getOutputStream().write(requests);
        }
        for (int i = 1; i < 22; i++) {
          assertEquals("HTTP/1.1 200 OK", statusFor("127.0.0." + i, agent));
        }
      } finally {
        for (Socket client : crowd) {
          client.close();
        }
      }
    }
  }

  /** The first line of the answer to a scrape from one of this host's addresses. */
  private static String statusFor(String client, AgentProcess agent) throws Exception {
    try (Socket socket = new Socket()) {
      socket.bind(new InetSocketAddress(client, 0));
      socket.connect(agent.address(), 5000);
      socket.setSoTimeout(180_000);
      String request = "GET /metrics HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n";
      socket.getOutputStream().write(request.getBytes(US_ASCII));
      return new String(socket.getInputStream().readAllBytes(), US_ASCII)
          .lines()
          .findFirst()
          .orElse("");
    }
  }
}
