package io.github.portpool.e2e;

import static io.github.portpool.oracle.Kernel.check;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.portpool.e2e.Program.Outcome;
import io.github.portpool.oracle.Kernel.Server;
import io.github.portpool.oracle.Netns;
import io.github.portpool.oracle.Population;
import io.github.portpool.oracle.TestSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.Callable;

/** A namespace with a pool of 100 ports and a few sockets of every kind, always the same. */
public final class SmallHost implements AutoCloseable {
  private static final int FIRST = 20_000;
  private static final int LAST = 20_099;
  private static final int RESERVED = 20_050;
  private static final String V4 = "127.0.0.1";
  private static final String V6 = "::1";

  private final Netns netns;
  private final Population population;
  private final Server web;
  private final Server database;

  private SmallHost(Netns netns) throws Exception {
    this.netns = netns;
    population = new Population();
    web = new Server(80);
    database = new Server(5432);
    // The ports that are named come first, or connect() might choose one of them.
    check(population.bindThenConnect(V4, FIRST + 97, V4, web));
    check(population.listen(TestSocket.tcp(false), "0.0.0.0", FIRST + 98));
    check(population.listen(TestSocket.tcp(true), "::", FIRST + 99));
    check(population.listen(TestSocket.tcp(false), V4, RESERVED));
    check(population.listen(TestSocket.tcp(false), V4, 8080));
    check(population.listen(TestSocket.tcp(true), V6, 50_000));
    check(population.bind(TestSocket.tcp(false), V4, FIRST + 95));
    check(population.bind(TestSocket.udp(false), "0.0.0.0", 53));
    check(population.bind(TestSocket.udp(false), "0.0.0.0", FIRST + 94));
    check(population.bind(TestSocket.udp(true), "::", 0));
    for (int i = 0; i < 30; i++) {
      check(population.connect(V4, V4, web));
    }
    for (int i = 0; i < 8; i++) {
      check(population.connect(V4, V4, database));
      check(population.connect(V6, V6, web));
    }
    for (int i = 0; i < 5; i++) {
      population.timeWait(V4, V4, web);
      population.timeWait(V6, V6, database);
    }
    population.closeWait(V4, V4, database);
    population.finWait2(V6, V6, web);
    for (int i = 0; i < 4; i++) {
      check(population.hold(TestSocket.udp(false)).connect(V4, 53));
    }
  }

  /** Makes it; skips the test where a namespace may not be made. */
  public static SmallHost create() throws Exception {
    Netns netns = Netns.create();
    try {
      netns.range(FIRST, LAST);
      netns.sysctl("ip_local_reserved_ports", String.valueOf(RESERVED));
      netns.sysctl("tcp_tw_reuse", "0");
      netns.sysctl("tcp_timestamps", "1");
      netns.sysctl("tcp_fin_timeout", "60");
      netns.sysctl("tcp_max_tw_buckets", "8192");
      return netns.call(() -> new SmallHost(netns));
    } catch (Exception | Error e) {
      netns.close();
      throw e;
    }
  }

  /** Whether a port is in the pool. */
  public static boolean inPool(int port) {
    return port >= FIRST && port <= LAST && port != RESERVED;
  }

  /** Records it with the program and returns the file. */
  public Path record(Path file) throws Exception {
    Outcome outcome = call(() -> Program.run("record", file.toString()));
    assertEquals(List.of(), outcome.err());
    assertEquals(0, outcome.exitCode());
    String said = outcome.out().getFirst();
    assertTrue(said.matches("recorded \\d+ sockets in " + Files.size(file) + " bytes"), said);
    return file;
  }

  /** Runs something in it. */
  public <T> T call(Callable<T> work) throws Exception {
    return netns.call(work);
  }

  @Override
  public void close() {
    population.close();
    web.close();
    database.close();
    netns.close();
  }
}
