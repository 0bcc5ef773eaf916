package io.github.portpool.e2e;

import io.github.portpool.deploy.Yaml;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.function.Predicate;

/** A real Prometheus in the network namespace of the calling thread. */
public final class PrometheusProcess implements AutoCloseable {
  private static final String PROGRAM = "/usr/bin/prometheus";
  private static final long DEADLINE_SECONDS = 180;

  private final InetSocketAddress address;
  private final Path log;
  private final Process process;

  private PrometheusProcess(InetSocketAddress address, Path log, Process process) {
    this.address = address;
    this.log = log;
    this.process = process;
  }

  /** Skips the test where it is not installed. */
  public static void assumeInstalled() {
    Needs.program(PROGRAM, "prometheus");
  }

  /** Starts one on a port of loopback; its data and its log lie beside its configuration. */
  public static PrometheusProcess start(int port, Path configuration, String... options)
      throws IOException {
    Path log = configuration.resolveSibling("prometheus-" + port + ".log");
    Path data = configuration.resolveSibling("data-" + port);
    boolean stores = !List.of(options).contains("--enable-feature=agent");
    List<String> command = new ArrayList<>(List.of(PROGRAM));
    command.add("--config.file=" + configuration);
    command.add((stores ? "--storage.tsdb.path=" : "--storage.agent.path=") + data);
    command.add("--web.listen-address=127.0.0.1:" + port);
    command.addAll(List.of(options));
    Process process =
        new ProcessBuilder(command).redirectErrorStream(true).redirectOutput(log.toFile()).start();
    InetAddress loopback = InetAddress.getLoopbackAddress();
    return new PrometheusProcess(new InetSocketAddress(loopback, port), log, process);
  }

  /** The one value that a query gives, when there is one. */
  public double value(String query) throws Exception {
    Yaml data = await(query(query), answer -> !answer.get("result").list().isEmpty());
    List<Yaml> value = data.get("result").list().getFirst().get("value").list();
    return Double.parseDouble(value.getLast().text());
  }

  /** The path of an instant query. */
  public static String query(String query) {
    return "query?query=" + URLEncoder.encode(query, StandardCharsets.UTF_8);
  }

  /** What the API gives as data as soon as it is as wanted. */
  public Yaml await(String path, Predicate<Yaml> wanted) throws Exception {
    long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(DEADLINE_SECONDS);
    String last = "";
    while (System.nanoTime() < deadline && process.isAlive()) {
      try {
        last = new Http(address).get("/api/v1/" + path).text();
        if (last.startsWith("{\"status\":\"success\"")) {
          Yaml data = Yaml.parse(last).get("data");
          if (wanted.test(data)) {
            return data;
          }
        }
      } catch (IOException e) {
        last = e.toString();
      }
      Thread.sleep(100);
    }
    throw new AssertionError(path + ": " + last + "\n" + Files.readString(log));
  }

  @Override
  public void close() {
    process.destroy();
    process.onExit().completeOnTimeout(process, 10, TimeUnit.SECONDS).join();
    process.destroyForcibly().onExit().join();
  }
}
